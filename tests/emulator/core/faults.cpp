#include "tests/emulator/core/faults.hpp"

namespace sim52xx::sim {

// Whether the byte survives.
bool FaultyLine::strike(char& byte, std::string& out) {
  bool survives = true;
  for (Fault& fault : faults_) {
    if (fault.at > 0) {
      --fault.at;
      continue;
    }
    if (fault.kind == Fault::Kind::insert) {
      out += fault.bytes;
      fault.count = 0;
      continue;
    }
    --fault.count;
    if (fault.kind == Fault::Kind::drop)
      survives = false;
    else if (fault.kind == Fault::Kind::repeat)
      out += byte;
    else
      byte = static_cast<char>(byte ^ 0x55);
  }
  std::erase_if(faults_, [](const Fault& fault) { return fault.count == 0; });
  return survives;
}

std::string FaultyLine::pass(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (char byte : bytes)
    if (faults_.empty() || strike(byte, out)) out += byte;
  return out;
}

}  // namespace sim52xx::sim
