#include "tests/emulator/io/log.hpp"

#include <cstdio>
#include <stdexcept>

#include <unistd.h>

#include "protocol/bytes.hpp"

namespace sim52xx::sim {
namespace {

constexpr std::size_t longest = 1024;

}  // namespace

void say(std::string_view line) {
  const std::string text = "sim52xx-sim: " + std::string(line) + "\n";
  if (::write(STDERR_FILENO, text.data(), text.size()) < 0) return;  // nobody listens
}

void WireLog::open(const std::string& path) {
  file_.open(path, std::ios::app);
  if (!file_) throw std::runtime_error("--log " + path + ": cannot be written");
}

void WireLog::add(char direction, std::string_view bytes) {
  if (!file_.is_open()) return;
  if (direction != direction_) flush();
  direction_ = direction;
  for (const char c : bytes) {
    pending_ += c;
    const char end = direction == '<' ? '\r' : '\n';
    if (c == end || pending_.size() >= longest) flush();
  }
}

void WireLog::flush() {
  if (pending_.empty() || !file_.is_open()) return;
  const std::chrono::duration<double> since = std::chrono::steady_clock::now() - start_;
  char stamp[32];
  std::snprintf(stamp, sizeof stamp, "%10.4f", since.count());
  file_ << stamp << ' ' << direction_ << " \"" << printable(pending_, longest) << "\"\n"
        << std::flush;
  pending_.clear();
}

}  // namespace sim52xx::sim
