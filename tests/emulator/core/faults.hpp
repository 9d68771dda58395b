// Faults of the line on demand: at the n-th byte from now, bytes are lost, garbled, repeated or
// inserted. Faults by the steps of a dialogue are in fault_steps.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sim52xx::sim {

struct Fault {
  enum class Kind : std::uint8_t { drop, garble, insert, repeat };
  Kind kind = Kind::drop;
  std::size_t at = 0;     // bytes that pass first
  std::size_t count = 1;  // of bytes dropped, garbled or repeated
  std::string bytes;      // to insert
};

// One direction of the line.
class FaultyLine {
 public:
  void arm(Fault fault) { faults_.push_back(std::move(fault)); }
  [[nodiscard]] std::size_t armed() const { return faults_.size(); }
  // The bytes as they arrive.
  std::string pass(std::string_view bytes);

 private:
  bool strike(char& byte, std::string& out);

  std::vector<Fault> faults_;
};

}  // namespace sim52xx::sim
