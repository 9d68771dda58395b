// The log as systemd's journal takes it: the text with fields beside it, so that
// `journalctl SIM52XX_SESSION=ssl0` or SIM52XX_JOB=7 finds all that concerns it. The fields come
// from the custom of the house that a line begins with what it is about: "ssl0: ...", "job 7: ...".
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <spdlog/common.h>
#include <spdlog/sinks/sink.h>

#include "daemon/system/log_event.hpp"

namespace sim52xx::daemon {

// The names of data sockets.
using SessionNames = std::set<std::string, std::less<>>;

// "NAME=value" for each field: MESSAGE, PRIORITY, SYSLOG_IDENTIFIER and, where they are known,
// MESSAGE_ID, SIM52XX_SESSION, SIM52XX_JOB, SIM52XX_AT.
std::vector<std::string> journal_fields(spdlog::level::level_enum level, std::string_view text,
                                        const LogFields& fields, const SessionNames& sessions);

// Hands an entry to the journal; false where it does not take it.
using SendEntry = std::function<bool(const std::vector<std::string>& fields)>;
bool send_to_journal(const std::vector<std::string>& fields);

// What `send` does not take goes to standard error as "<N>text", which the journal reads as well.
std::shared_ptr<spdlog::sinks::sink> journal_sink(SendEntry send);

// Which subjects of lines are sessions.
void set_logged_sessions(SessionNames names);

}  // namespace sim52xx::daemon
