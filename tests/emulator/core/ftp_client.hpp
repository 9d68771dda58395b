// The outside of the FTPS stack: one session with one server, one operation at a time. Paths are
// absolute. The program's speaks FTP over TLS; tests have one of their own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sim52xx::sim {

// <err> of the FTPS family.
enum class FtpsError {
  success = 0,
  ssl_alert = 1,
  unknown = 2,
  busy = 3,
  server_closed = 4,
  timeout = 5,
  transfer_failed = 6,
  memory = 7,
  invalid_parameter = 8,
  rejected = 9,
  network = 10,
};

struct FtpLogin {
  std::string host;
  std::uint16_t port = 0;
  std::string user;
  std::string password;
  bool verify = false;  // the certificate has to be good
};

class FtpClient {
 public:
  enum class Verb { cwd, mkd, rmd, dele };

  FtpClient() = default;
  FtpClient(const FtpClient&) = delete;
  FtpClient& operator=(const FtpClient&) = delete;
  virtual ~FtpClient() = default;

  // Each ends in FtpEvents::finished(), never at once.
  virtual void login(const FtpLogin& login) = 0;
  virtual void logout() = 0;
  virtual void pwd() = 0;
  virtual void command(Verb verb, const std::string& path) = 0;
  virtual void list(const std::string& path) = 0;
  virtual void get(const std::string& path, std::int64_t offset, bool ascii) = 0;
  // Its bytes follow by send(), their end by end_of_file().
  virtual void put(const std::string& path, std::int64_t offset, bool ascii) = 0;

  virtual void send(std::string_view bytes) = 0;
  virtual void end_of_file() = 0;
  [[nodiscard]] virtual std::size_t unsent() const = 0;
  // Whether received() may be called: flow control towards the server.
  virtual void allow_receive(bool allowed) = 0;
  // Drops the session without a word; no event follows.
  virtual void abort() = 0;
};

class FtpEvents {
 public:
  FtpEvents() = default;
  FtpEvents(const FtpEvents&) = delete;
  FtpEvents& operator=(const FtpEvents&) = delete;
  virtual ~FtpEvents() = default;

  // The operation is over; `directory` is the current one, after login(), cwd and pwd().
  virtual void finished(FtpsError how, const std::string& directory) = 0;
  virtual void received(std::string_view bytes) = 0;
  // Some bytes have left: unsent() is smaller.
  virtual void sent() = 0;
  // The server has closed between two operations.
  virtual void server_closed() = 0;
};

}  // namespace sim52xx::sim
