#include "tests/emulator/io/ftp_session.hpp"

#include <algorithm>
#include <array>
#include <span>

#include <sys/socket.h>

#include "protocol/fields.hpp"
#include "tests/emulator/io/log.hpp"

namespace sim52xx::sim {
namespace {

FtpSession& session(void* self) {
  return *static_cast<FtpSession*>(self);
}

long max_version(const std::string& name) {
  if (name == "1.0") return CURL_SSLVERSION_MAX_TLSv1_0;
  if (name == "1.1") return CURL_SSLVERSION_MAX_TLSv1_1;
  return CURL_SSLVERSION_MAX_TLSv1_2;
}

struct Row {
  CURLcode code;
  FtpsError how;
};

constexpr std::array meanings{
    Row{CURLE_OK, FtpsError::success},
    Row{CURLE_PEER_FAILED_VERIFICATION, FtpsError::ssl_alert},
    Row{CURLE_SSL_CONNECT_ERROR, FtpsError::ssl_alert},
    Row{CURLE_SSL_CACERT_BADFILE, FtpsError::ssl_alert},
    Row{CURLE_USE_SSL_FAILED, FtpsError::ssl_alert},
    Row{CURLE_COULDNT_RESOLVE_HOST, FtpsError::network},
    Row{CURLE_COULDNT_CONNECT, FtpsError::network},
    Row{CURLE_OPERATION_TIMEDOUT, FtpsError::timeout},
    Row{CURLE_FTP_ACCEPT_TIMEOUT, FtpsError::timeout},
    Row{CURLE_LOGIN_DENIED, FtpsError::rejected},
    Row{CURLE_REMOTE_ACCESS_DENIED, FtpsError::rejected},
    Row{CURLE_REMOTE_FILE_NOT_FOUND, FtpsError::rejected},
    Row{CURLE_FTP_COULDNT_RETR_FILE, FtpsError::rejected},
    Row{CURLE_QUOTE_ERROR, FtpsError::rejected},
    Row{CURLE_UPLOAD_FAILED, FtpsError::rejected},
    Row{CURLE_REMOTE_DISK_FULL, FtpsError::rejected},
    Row{CURLE_RECV_ERROR, FtpsError::server_closed},
    Row{CURLE_SEND_ERROR, FtpsError::server_closed},
    Row{CURLE_GOT_NOTHING, FtpsError::server_closed},
    Row{CURLE_FTP_WEIRD_SERVER_REPLY, FtpsError::server_closed},
    Row{CURLE_PARTIAL_FILE, FtpsError::transfer_failed},
    Row{CURLE_FTP_COULDNT_USE_REST, FtpsError::transfer_failed},
    Row{CURLE_BAD_DOWNLOAD_RESUME, FtpsError::transfer_failed},
    Row{CURLE_OUT_OF_MEMORY, FtpsError::memory},
    Row{CURLE_URL_MALFORMAT, FtpsError::invalid_parameter},
};

// As URLs write IPv6 addresses.
std::string bracketed(const std::string& host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

// libcurl takes the CR of every line of text away.
std::string with_returns(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') out += '\r';
    out += c;
  }
  return out;
}

// The path in `257 "/a ""quoted"" name" is the current directory`.
std::string quoted_path(std::string_view reply) {
  std::string path;
  auto i = reply.find('"');
  while (i != std::string_view::npos && ++i < reply.size()) {
    if (reply[i] == '"' && (++i >= reply.size() || reply[i] != '"')) return path;
    path += reply[i];
  }
  return {};
}

}  // namespace

std::size_t FtpSession::on_data(char* data, std::size_t, std::size_t size, void* self) {
  FtpSession& here = session(self);
  const std::string_view bytes(data, size);
  const bool taken =
      here.text_ ? here.pipe_.deliver(with_returns(bytes)) : here.pipe_.deliver(bytes);
  return taken ? size : 0;
}

std::size_t FtpSession::on_reply(char* data, std::size_t, std::size_t size, void* self) {
  const std::string_view line(data, size);
  FtpSession& here = session(self);
  if (line.size() > 3 && line[3] == ' ' && here.first_reply_ == 0)
    here.first_reply_ = to_number(line.substr(0, 3)).value_or(0);
  if (line.starts_with("257 ")) here.directory_ = quoted_path(line);
  return size;
}

std::size_t FtpSession::on_wanted(char* buffer, std::size_t, std::size_t size, void* self) {
  const auto count = session(self).pipe_.fetch(buffer, size);
  return count ? *count : CURL_READFUNC_ABORT;
}

int FtpSession::on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return session(self).pipe_.cancelled() ? 1 : 0;
}

// A lost session is lost: no second login behind the modem's back.
curl_socket_t FtpSession::on_open(void* self, curlsocktype, curl_sockaddr* address) {
  FtpSession& here = session(self);
  if (!here.logging_in_ && here.is_control(*address)) {
    here.lost_ = true;
    return CURL_SOCKET_BAD;
  }
  const int fd = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (fd < 0) return CURL_SOCKET_BAD;
  if (here.logging_in_) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(&address->addr);
    here.control_address_.assign(bytes, bytes + address->addrlen);
  }
  here.pipe_.opened(fd);
  return fd;
}

int FtpSession::on_close(void* self, curl_socket_t socket) {
  session(self).pipe_.close(socket);
  return 0;
}

bool FtpSession::is_control(const curl_sockaddr& address) const {
  const auto* bytes = reinterpret_cast<const unsigned char*>(&address.addr);
  return std::ranges::equal(control_address_, std::span(bytes, address.addrlen));
}

void FtpSession::set_callbacks() {
  CURL* const curl = curl_.get();
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_data);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_reply);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_wanted);
  curl_easy_setopt(curl, CURLOPT_READDATA, this);
  curl_easy_setopt(curl, CURLOPT_SEEKFUNCTION, on_seek);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, this);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, on_open);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(curl, CURLOPT_CLOSESOCKETFUNCTION, on_close);
  curl_easy_setopt(curl, CURLOPT_CLOSESOCKETDATA, this);
}

void FtpSession::set_tls(bool verify) {
  CURL* const curl = curl_.get();
  curl_easy_setopt(curl, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
  curl_easy_setopt(curl, CURLOPT_FTPSSLAUTH, static_cast<long>(CURLFTPAUTH_TLS));
  curl_easy_setopt(curl, CURLOPT_SSLVERSION,
                   static_cast<long>(CURL_SSLVERSION_TLSv1_0) | max_version(options_.tls_max));
  curl_easy_setopt(curl, CURLOPT_SSL_CIPHER_LIST, "DEFAULT:@SECLEVEL=0");
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, verify ? 1L : 0L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, verify ? 2L : 0L);
  if (!options_.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, options_.ca_file.c_str());
  if (verify && !options_.crl_file.empty())
    curl_easy_setopt(curl, CURLOPT_CRLFILE, options_.crl_file.c_str());
}

void FtpSession::prepare(const FtpLogin& login) {
  login_ = login;
  curl_.reset(curl_easy_init());
  CURL* const curl = curl_.get();
  set_callbacks();
  set_tls(login.verify);
  connect_to_.reset();
  for (const auto& [asked, real] : options_.map) {
    const std::string row = bracketed(asked.first) + ":" + std::to_string(asked.second) + ":" +
                            bracketed(real.first) + ":" + std::to_string(real.second);
    connect_to_.reset(curl_slist_append(connect_to_.release(), row.c_str()));
  }
  curl_easy_setopt(curl, CURLOPT_CONNECT_TO, connect_to_.get());
  curl_easy_setopt(curl, CURLOPT_USERNAME, login.user.c_str());
  curl_easy_setopt(curl, CURLOPT_PASSWORD, login.password.c_str());
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");  // whatever the environment says
  curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(curl, CURLOPT_FTP_FILEMETHOD, static_cast<long>(CURLFTPMETHOD_NOCWD));
  curl_easy_setopt(curl, CURLOPT_FTP_SKIP_PASV_IP, 1L);
}

// The URL of an absolute path.
bool FtpSession::set_url(const std::string& path) {
  const std::unique_ptr<CURLU, Free> url(curl_url());
  const std::string port = std::to_string(login_.port);
  const std::string whole = "/" + path;
  const bool good =
      curl_url_set(url.get(), CURLUPART_SCHEME, "ftp", 0) == CURLUE_OK &&
      curl_url_set(url.get(), CURLUPART_HOST, bracketed(login_.host).c_str(), 0) == CURLUE_OK &&
      curl_url_set(url.get(), CURLUPART_PORT, port.c_str(), 0) == CURLUE_OK &&
      curl_url_set(url.get(), CURLUPART_PATH, whole.c_str(), CURLU_URLENCODE) == CURLUE_OK;
  char* text = nullptr;
  if (!good || curl_url_get(url.get(), CURLUPART_URL, &text, 0) != CURLUE_OK) return false;
  curl_easy_setopt(curl_.get(), CURLOPT_URL, text);
  curl_free(text);
  return true;
}

// A refused command would end libcurl's connection; with an asterisk it does not, and the reply is
// looked at here.
CURLcode FtpSession::perform(const FtpJob& job) {
  CURL* const curl = curl_.get();
  const bool transfer = job.kind == FtpJob::Kind::list || job.kind == FtpJob::Kind::get ||
                        job.kind == FtpJob::Kind::put;
  std::string path = transfer ? job.path : "/";
  if (job.kind == FtpJob::Kind::list && !path.ends_with('/')) path += '/';
  if (!set_url(path)) return CURLE_URL_MALFORMAT;
  Slist commands;
  for (const auto& command : job.commands)
    commands.reset(curl_slist_append(commands.release(), ("*" + command).c_str()));
  curl_easy_setopt(curl, CURLOPT_UPLOAD, job.kind == FtpJob::Kind::put ? 1L : 0L);
  curl_easy_setopt(curl, CURLOPT_NOBODY, transfer ? 0L : 1L);
  curl_easy_setopt(curl, CURLOPT_QUOTE, commands.get());
  curl_easy_setopt(curl, CURLOPT_RESUME_FROM_LARGE, static_cast<curl_off_t>(job.offset));
  curl_easy_setopt(curl, CURLOPT_TRANSFERTEXT, job.ascii ? 1L : 0L);
  const CURLcode code = curl_easy_perform(curl);
  curl_easy_setopt(curl, CURLOPT_QUOTE, nullptr);
  return code;
}

FtpsError FtpSession::meaning(const FtpJob& job, CURLcode code) const {
  long reply = 0;
  curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &reply);
  if (code != CURLE_OK && (lost_ || reply == 421)) return FtpsError::server_closed;
  if (job.kind == FtpJob::Kind::quote && first_reply_ >= 400)
    return first_reply_ == 421 ? FtpsError::server_closed : FtpsError::rejected;
  const auto* const row = std::ranges::find(meanings, code, &Row::code);
  return row == meanings.end() ? FtpsError::unknown : row->how;
}

// A server may break off the data connection before it says why there is to be none; libcurl then
// takes its words for the answer to something else and is one answer behind for ever. The paths
// being absolute, nobody notices a new login.
FtpOutcome FtpSession::log_in_again() {
  long reply = 0;
  curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &reply);
  const FtpLogin login = login_;
  prepare(login);
  FtpJob again;
  again.kind = FtpJob::Kind::login;
  logging_in_ = true;
  if (perform(again) != CURLE_OK) curl_.reset();
  logging_in_ = false;
  return {reply >= 500 ? FtpsError::rejected : FtpsError::transfer_failed, {}};
}

FtpOutcome FtpSession::run(const FtpJob& job) {
  if (job.kind == FtpJob::Kind::logout) {
    curl_.reset();
    return {FtpsError::success, {}};
  }
  logging_in_ = job.kind == FtpJob::Kind::login;
  if (logging_in_) prepare(job.login);
  if (!curl_) return {FtpsError::server_closed, {}};
  directory_.clear();
  first_reply_ = 0;
  text_ = job.ascii || job.kind == FtpJob::Kind::list;
  const CURLcode code = perform(job);
  logging_in_ = false;
  if (code != CURLE_OK) say(std::string("ftps: ") + curl_easy_strerror(code));
  if (code == CURLE_FTP_WEIRD_PASV_REPLY) return log_in_again();
  if (job.kind == FtpJob::Kind::login && code == CURLE_OK) {
    char* entry = nullptr;
    curl_easy_getinfo(curl_.get(), CURLINFO_FTP_ENTRY_PATH, &entry);
    directory_ = entry == nullptr ? "/" : entry;
  }
  // MKD is answered by a path, too.
  if (!job.commands.empty() && job.commands.back() != "PWD") directory_.clear();
  return {meaning(job, code), directory_};
}

int FtpSession::control() const {
  curl_socket_t socket = CURL_SOCKET_BAD;
  if (curl_) curl_easy_getinfo(curl_.get(), CURLINFO_ACTIVESOCKET, &socket);
  return socket;
}

}  // namespace sim52xx::sim
