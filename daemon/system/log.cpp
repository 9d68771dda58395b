#include "daemon/system/log.hpp"

#include <array>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "daemon/system/journal.hpp"

namespace sim52xx::daemon {
namespace {

namespace level = spdlog::level;

}  // namespace

LogFormat log_format() {
  const char* journal = std::getenv("JOURNAL_STREAM");
  struct stat status{};
  if (journal == nullptr || ::fstat(STDERR_FILENO, &status) != 0) return LogFormat::terminal;
  // Standard error may have been redirected since: device and inode tell.
  const std::string own = std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
  return own == journal ? LogFormat::journal : LogFormat::terminal;
}

std::optional<level::level_enum> log_level(std::string_view word) {
  using Row = std::pair<std::string_view, level::level_enum>;
  constexpr std::array<Row, 5> levels{{{"trace", level::trace},
                                       {"debug", level::debug},
                                       {"info", level::info},
                                       {"warn", level::warn},
                                       {"error", level::err}}};
  for (const auto& [name, level] : levels)
    if (name == word) return level;
  return std::nullopt;
}

void set_up_log(level::level_enum level, LogFormat format) {
  spdlog::sink_ptr sink;
  if (format == LogFormat::journal)
    sink = journal_sink(send_to_journal);
  else
    sink = std::make_shared<spdlog::sinks::stderr_sink_st>();
  auto logger = std::make_shared<spdlog::logger>("sim52xxd", std::move(sink));
  logger->set_pattern("%Y-%m-%d %H:%M:%S.%e %l: %v");  // the journal keeps time and level itself
  logger->set_level(level);
  logger->flush_on(level::trace);
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace sim52xx::daemon
