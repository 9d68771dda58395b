// The dialogues of the fault matrix: what a client asks the daemon for, what the server behind the
// modem says, and what the client then knows. Each can be played any number of times in one world.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "tests/matrix/world.hpp"

namespace sim52xx::test {

// What a client, or a job, came to.
struct Outcome {
  std::string who;
  bool good = false;    // told that all went well
  std::string failure;  // told otherwise, and why; empty while it hangs
  bool quiet = false;   // told so by status alone: its socket only showed the end
  std::string got;      // bytes down, and what they should have been
  std::string wanted;
  std::string said;   // by the server: what got has to be the beginning of
  std::string heard;  // by the server, and what it should have been
  std::string written;
};

class Run {
 public:
  Run() = default;
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  virtual ~Run() = default;
  [[nodiscard]] virtual bool over() const = 0;
  // Those who hang give up.
  virtual void give_up() {}
  [[nodiscard]] virtual std::vector<Outcome> outcomes() const = 0;
};

struct Dialogue {
  std::string_view name;
  bool from_bring_up;  // its steps begin with the first byte to the modem, not when it is ready
  std::unique_ptr<Run> (*begin)(World& world);
  std::string_view help;
};

// Bytes of every value, and words that look like the modem's own.
std::string bytes_of(std::size_t size, unsigned char seed);

std::span<const Dialogue> dialogues();
const Dialogue* find_dialogue(std::string_view name);

}  // namespace sim52xx::test
