// The FtpClient of the program: a thread with an FtpSession, because libcurl's FTP blocks here and
// there. Events come back through the io_context; nothing here ever waits for the thread but the
// destructor.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "tests/emulator/core/ftp_client.hpp"
#include "tests/emulator/io/asio.hpp"
#include "tests/emulator/io/ftp_session.hpp"

namespace sim52xx::sim {

class CurlFtp final : public FtpClient, private FtpPipe {
 public:
  CurlFtp(asio::io_context& io, const OutsideOptions& options);
  ~CurlFtp() override;
  CurlFtp(const CurlFtp&) = delete;
  CurlFtp& operator=(const CurlFtp&) = delete;

  // Where events go, and what to call after each.
  void listen(FtpEvents& events, std::function<void()> settle);
  // The server closes now, as far as the modem can tell; false where there is no session.
  bool drop_peer();

  void login(const FtpLogin& login) override;
  void logout() override;
  void pwd() override;
  void command(Verb verb, const std::string& path) override;
  void list(const std::string& path) override;
  void get(const std::string& path, std::int64_t offset, bool ascii) override;
  void put(const std::string& path, std::int64_t offset, bool ascii) override;
  void send(std::string_view bytes) override;
  void end_of_file() override;
  [[nodiscard]] std::size_t unsent() const override;
  void allow_receive(bool allowed) override;
  void abort() override;

 private:
  // The thread's side.
  [[nodiscard]] bool cancelled() const override;
  bool deliver(std::string_view bytes) override;
  std::optional<std::size_t> fetch(char* buffer, std::size_t size) override;
  void opened(int socket) override;
  void close(int socket) override;
  void work();
  [[nodiscard]] bool stopping() const;
  std::optional<FtpJob> next_job();
  bool wait_idle(int control);

  void start(FtpJob job);
  void wake();
  void shut_sockets();
  // Runs `call` in the program's thread if the session is still the same, then settles.
  void post(std::function<void()> call);

  asio::io_context& io_;
  const OutsideOptions& options_;
  FtpEvents* events_ = nullptr;
  std::function<void()> settle_;
  int bell_;  // eventfd: something has changed
  std::thread thread_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // Under the mutex:
  std::optional<FtpJob> job_;
  std::uint64_t serial_ = 1;  // of the session that is wanted
  bool stopping_ = false;
  std::string upload_;
  bool upload_ended_ = false;
  bool allowed_ = true;
  std::size_t in_flight_ = 0;  // delivered, not handled yet
  std::set<int> sockets_;

  std::uint64_t running_serial_ = 1;  // the thread's own: the session it works for
};

}  // namespace sim52xx::sim
