// Why a verb of sim52xxctl did not do what it was asked: the daemon's error object, or what went
// wrong on the way to the daemon. In words, and as an exit code for scripts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "protocol/outcome.hpp"

namespace sim52xx::ctl {

using nlohmann::json;

enum class Exit : std::uint8_t {
  ok = 0,
  failed = 1,
  usage = 2,
  absent = 3,       // nobody answers on the control socket
  denied = 4,       // the socket, or the method, is for others
  busy = 5,         // somebody else has what is needed
  tls_refused = 6,  // a certificate, or the handshake
  timeout = 7,
  interrupted = 130,  // Ctrl-C, as shells count it
};

struct Failure {
  Failure(Exit code, std::string words) : exit(code), message(std::move(words)) {}

  Exit exit;
  std::string message;              // one sentence
  std::vector<std::string> advice;  // what to do next, a line each
  json error;                       // as the daemon sent it; null: it is not the daemon's
};

template <class T>
using Outcome = Result<T, Failure>;

// A mistake in what was typed.
Failure misuse(std::string message, std::vector<std::string> advice = {});

// From the `error` of an answer, or of a job: what happened, and what to do about it by its kind.
Failure failure_of(const json& error);

// The exit code for a kind of the control protocol; kinds of the future are `failed`.
Exit exit_of(std::string_view kind);

// For --json: the daemon's object as it came, or one of the same shape.
json error_object(const Failure& failure);

}  // namespace sim52xx::ctl
