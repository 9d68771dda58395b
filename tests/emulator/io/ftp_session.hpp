// One FTPS session by libcurl, explicit TLS. It blocks: CurlFtp gives it a thread of its own.
//
// TLS stays at 1.2 at most: with 1.3, libcurl may close a data connection with session tickets
// unread, and some servers then lose the end of the file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <curl/curl.h>

#include "tests/emulator/core/ftp_client.hpp"
#include "tests/emulator/io/outside.hpp"

namespace sim52xx::sim {

// What the session does; called by its thread.
struct FtpJob {
  enum class Kind { login, logout, quote, list, get, put };
  Kind kind = Kind::quote;
  FtpLogin login;
  std::string path;
  std::vector<std::string> commands;  // of quote
  std::int64_t offset = 0;
  bool ascii = false;
  std::uint64_t serial = 0;  // of the session
};

struct FtpOutcome {
  FtpsError how = FtpsError::unknown;
  std::string directory;  // what the server called the current one, if it did
};

// The session's way to the rest of the program. All may block but cancelled().
class FtpPipe {
 public:
  FtpPipe() = default;
  FtpPipe(const FtpPipe&) = delete;
  FtpPipe& operator=(const FtpPipe&) = delete;
  virtual ~FtpPipe() = default;

  [[nodiscard]] virtual bool cancelled() const = 0;
  // Bytes from the server; false when they are not wanted any more.
  virtual bool deliver(std::string_view bytes) = 0;
  // Bytes for the server, at most `size`: 0 is the end, nullopt that nothing more is wanted.
  virtual std::optional<std::size_t> fetch(char* buffer, std::size_t size) = 0;
  // Sockets, so that they can be shut from outside.
  virtual void opened(int socket) = 0;
  virtual void close(int socket) = 0;
};

class FtpSession {
 public:
  FtpSession(const OutsideOptions& options, FtpPipe& pipe) : options_(options), pipe_(pipe) {}
  FtpSession(const FtpSession&) = delete;
  FtpSession& operator=(const FtpSession&) = delete;
  // Says goodbye to the server.
  ~FtpSession() = default;

  FtpOutcome run(const FtpJob& job);
  // The control connection, -1 where there is none.
  [[nodiscard]] int control() const;

 private:
  struct Free {
    void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  using Slist = std::unique_ptr<curl_slist, Free>;

  static std::size_t on_data(char* data, std::size_t, std::size_t size, void* self);
  static std::size_t on_reply(char* data, std::size_t, std::size_t size, void* self);
  static std::size_t on_wanted(char* buffer, std::size_t, std::size_t size, void* self);
  static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t);
  static int on_seek(void*, curl_off_t, int) { return CURL_SEEKFUNC_OK; }
  static curl_socket_t on_open(void* self, curlsocktype, curl_sockaddr* address);
  static int on_close(void* self, curl_socket_t socket);

  void prepare(const FtpLogin& login);
  void set_callbacks();
  void set_tls(bool verify);
  bool set_url(const std::string& path);
  CURLcode perform(const FtpJob& job);
  FtpOutcome log_in_again();
  [[nodiscard]] FtpsError meaning(const FtpJob& job, CURLcode code) const;
  [[nodiscard]] bool is_control(const curl_sockaddr& address) const;

  const OutsideOptions& options_;
  FtpPipe& pipe_;
  Slist connect_to_;
  FtpLogin login_;
  std::string directory_;
  std::int64_t first_reply_ = 0;
  bool text_ = false;                           // what comes is text
  std::vector<unsigned char> control_address_;  // once logged in
  bool logging_in_ = false;
  bool lost_ = false;  // libcurl wanted to log in again
  std::unique_ptr<CURL, Free> curl_;
};

}  // namespace sim52xx::sim
