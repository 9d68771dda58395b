// Where the body of an answer goes: standard output, or a file that has its name only when it is
// whole. The daemon writes into the descriptor; nothing of the body is kept in memory.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/ctl/failure.hpp"
#include "daemon/ctl/pump.hpp"
#include "daemon/system/fd.hpp"

namespace sim52xx::ctl {

class Output {
 public:
  enum class When : std::uint8_t {
    at_once,  // as it comes
    held,     // when it is known what it is: something goes before it, or it may not be wanted
    alone,    // as it comes, and this program may be gone by then (--detach)
  };

  // `path` is "-" for standard output. An existing file stays as it is until keep().
  static Outcome<Output> open(const std::string& path, When when);
  // A file that is not kept is removed.
  ~Output();
  Output(Output&&) noexcept;
  Output& operator=(Output&&) = delete;

  // What to pass to the daemon; our copy of it can be closed once it is passed.
  [[nodiscard]] int descriptor() const { return passed_.get(); }
  void close_passed() { passed_.reset(); }
  // To write into it ourselves; not together with When::held.
  [[nodiscard]] int file() const;
  // To be run meanwhile, where there is one.
  std::optional<Pump>& pump() { return pump_; }
  // Whether the body is seen on a terminal, where a progress bar would disturb it.
  [[nodiscard]] bool on_terminal() const;

  // The body is whole and wanted: after `before`, which needs When::held.
  Outcome<void> keep(std::string_view before = {});

 private:
  explicit Output(std::string path) : standard_(path == "-"), path_(std::move(path)) {}

  Outcome<void> open_standard();
  Outcome<void> open_file(When when);
  Outcome<void> hold();
  Outcome<void> release(std::string_view before);

  bool standard_;
  std::string path_;
  std::string part_;   // the file's name until it is whole; empty: it has its own already
  daemon::Fd target_;  // the file
  daemon::Fd held_;    // an unlinked file in between
  daemon::Fd passed_;
  std::optional<Pump> pump_;
};

// All of it; false with errno where that cannot be.
bool write_all(int fd, std::string_view bytes);

}  // namespace sim52xx::ctl
