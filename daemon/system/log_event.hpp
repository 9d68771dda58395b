// Lines of the log that programs look for: beside the text they carry a MESSAGE_ID (and the AT
// command they are about) where the log goes to the journal; elsewhere they are lines like all
// others.
//
//   log_event({message_id::session_failed, error.at}, spdlog::level::warn, "{}: {}", name, words);
#pragma once

#include <string_view>
#include <utility>

#include <spdlog/spdlog.h>

namespace sim52xx::daemon {

struct LogFields {
  std::string_view message_id;
  std::string_view at;  // the AT command, secrets masked; may be empty
};

// Never changed: people search for them. systemd/sim52xxd.catalog explains them.
namespace message_id {
inline constexpr std::string_view started = "deabf9c6b8894e8d8a77bc69219b00b7";
inline constexpr std::string_view stopping = "d2e43ce496034bd888b47305a416ae42";
inline constexpr std::string_view reloaded = "d162a3e9fe844170b3dd2d377ed3688b";
inline constexpr std::string_view reload_refused = "8846640bd4b84415a338266bf79db929";
inline constexpr std::string_view modem_state = "56efbfed6a2c400b98958f0516097e3f";
inline constexpr std::string_view modem_error = "65b50f3a94fa489eb9ddc6cc4e4b8700";
inline constexpr std::string_view session_open = "7e87b2a7f7f248bf97716abcd1a9fe37";
inline constexpr std::string_view session_closed = "89d746fb648f4fbba3f3e84885ba14de";
inline constexpr std::string_view session_failed = "787ef8b59c134216935c96b9755594a5";
inline constexpr std::string_view job_failed = "63c985c4c7f0432cb38a8e9c8d6d4b54";
inline constexpr std::string_view alert = "e1cbade3103940f2a3a67699585a4a11";
}  // namespace message_id

// Of the line that is being written; the daemon has one thread.
inline LogFields current_log_fields;

template <class... Args>
void log_event(LogFields fields, spdlog::level::level_enum level,
               spdlog::format_string_t<Args...> text, Args&&... args) {
  current_log_fields = fields;
  spdlog::log(level, text, std::forward<Args>(args)...);
  current_log_fields = {};
}

}  // namespace sim52xx::daemon
