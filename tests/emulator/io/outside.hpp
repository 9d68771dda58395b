// What the emulator's TLS towards the world needs to know, from the command line.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace sim52xx::sim {

struct OutsideOptions {
  std::string ca_file;
  std::string crl_file;
  std::string tls_max = "1.3";
  // --map: where to connect really, by what the host asked for.
  std::map<std::pair<std::string, std::uint16_t>, std::pair<std::string, std::uint16_t>> map;
};

}  // namespace sim52xx::sim
