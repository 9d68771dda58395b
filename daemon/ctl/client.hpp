// A connection to the daemon's control socket: requests out, with descriptors where they have some;
// answers and notifications in, in the order in which they come. Blocking where it sends, never
// where it receives: whoever has more to wait for polls fd().
#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "daemon/ctl/failure.hpp"
#include "daemon/system/fd.hpp"

namespace sim52xx::ctl {

class Client {
 public:
  using Seconds = std::chrono::duration<double>;

  // How long a daemon that works may take to answer what it knows by itself.
  static constexpr Seconds patience{30};
  static constexpr Seconds forever{-1};

  static Outcome<Client> connect(const std::string& path);

  [[nodiscard]] int fd() const { return socket_.get(); }

  // Sends a request; the answer will carry the number that is returned.
  Outcome<int> send(const std::string& method, json params, const std::vector<int>& passed = {});

  // Takes in what has arrived. A failure: the daemon has closed the connection.
  Outcome<void> receive();
  // The next answer or notification of what was taken in.
  std::optional<json> next();
  // The same, waiting for it; nullopt: nothing has come within `limit`.
  Outcome<std::optional<json>> wait(Seconds limit);

  // Sends and waits for the answer; notifications that come before it are dropped.
  Outcome<json> call(const std::string& method, json params = json::object(),
                     Seconds limit = patience);

  // Whether `message` answers the request of that number.
  static bool answers(const json& message, int request);
  // The result of an answer, or why there is none.
  static Outcome<json> result_of(json answer);

 private:
  Client(daemon::Fd socket, std::string path)
      : socket_(std::move(socket)), path_(std::move(path)) {}

  Failure closed() const;

  daemon::Fd socket_;
  std::string path_;
  int last_request_ = 0;
  std::string input_;  // the beginning of a line
  std::deque<json> messages_;
};

}  // namespace sim52xx::ctl
