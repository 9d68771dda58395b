// The log: lines with time and level on standard error for people, or entries with fields for
// systemd's journal (journal.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <spdlog/common.h>

namespace sim52xx::daemon {

enum class LogFormat : std::uint8_t { terminal, journal };

// The journal where standard error goes there: $JOURNAL_STREAM names it.
LogFormat log_format();

// trace, debug, info, warn, error; nullopt for another word.
std::optional<spdlog::level::level_enum> log_level(std::string_view word);

// Makes the default logger.
void set_up_log(spdlog::level::level_enum level, LogFormat format);

}  // namespace sim52xx::daemon
