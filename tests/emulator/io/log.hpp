// What happens, on stderr; and every byte of the line, on request, in a file.
#pragma once

#include <chrono>
#include <fstream>
#include <string>
#include <string_view>

namespace sim52xx::sim {

// One plain line on stderr, in one write.
void say(std::string_view line);

// Lines as they passed the port: seconds, '<' from the host or '>' to it, escaped bytes.
class WireLog {
 public:
  // Throws std::runtime_error where the file cannot be opened.
  void open(const std::string& path);
  void from_host(std::string_view bytes) { add('<', bytes); }
  void to_host(std::string_view bytes) { add('>', bytes); }
  // Writes what is left of an unfinished line.
  void flush();

 private:
  void add(char direction, std::string_view bytes);

  std::ofstream file_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::string pending_;
  char direction_ = '<';
};

}  // namespace sim52xx::sim
