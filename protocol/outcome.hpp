// What an operation came to: a value, or an Error that says what kind, at which stage, and in
// words a user can act on. Shaped like std::expected, which C++20 lacks.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "protocol/alert.hpp"

namespace sim52xx {

// The kinds programs may test for; the names are part of the control protocol.
enum class ErrorKind : std::uint8_t {
  busy,
  denied,
  invalid,
  modem_absent,
  not_registered,
  connect_failed,
  tls_alert,
  timeout,
  peer_closed,
  cancelled,
  interrupted,
  not_found,
  limit,
  unsupported,
  modem_error,
  protocol_error,
};

std::string_view name(ErrorKind kind);

// True where trying the same again later may succeed without anybody changing anything.
bool retryable(ErrorKind kind);

// Of busy, and of a timeout in a queue: who had what was waited for.
struct Waited {
  std::string stack;   // "ssl", "https", "ftps", or the family of a raw command
  std::string holder;  // "ssl0", "job 7"
  std::chrono::system_clock::time_point since;
};

struct Error {
  Error(ErrorKind k, std::string s, std::string m)
      : kind(k), stage(std::move(s)), message(std::move(m)) {}

  ErrorKind kind;
  std::string stage;     // config, acquire, open, handshake, send, receive, close, release, ...
  std::string message;   // one sentence
  std::string at;        // the command, secrets masked; may be empty
  std::string response;  // the modem's words; may be empty
  std::optional<Alert> alert;
  std::optional<Waited> waiting_for;
};

// sim52xxctl has an error type of its own; everybody else takes Error.
template <class T, class E = Error>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit
  Result(E error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  explicit operator bool() const { return state_.index() == 0; }
  T& operator*() { return std::get<0>(state_); }
  const T& operator*() const { return std::get<0>(state_); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }
  E& error() { return std::get<1>(state_); }
  [[nodiscard]] const E& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, E> state_;
};

template <class E>
class [[nodiscard]] Result<void, E> {
 public:
  Result() = default;
  Result(E error) : error_(std::move(error)) {}  // NOLINT: implicit

  explicit operator bool() const { return !error_; }
  E& error() { return *error_; }
  [[nodiscard]] const E& error() const { return *error_; }

 private:
  std::optional<E> error_;
};

}  // namespace sim52xx
