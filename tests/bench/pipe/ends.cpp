// pipe_ends: plays the modem and the application on both sides of a bridge, and measures.
//
//   pipe_ends MOST [--direct] [--commands]     MOST: bytes of the largest phase
//
// Prints the name of the pty, then does what it reads, a line each, and prints figures as a JSON
// object: connect SOCKET | down SIZE | up SIZE | both SIZE | echo SIZE COUNT | paced BAUD SECONDS.
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>

#include "tests/bench/pipe/phases.hpp"

namespace sim52xx::bench {
namespace {

std::string obey(Line& line, Phases& phases, bool commands, std::istream& words) {
  std::string verb;
  words >> verb;
  if (verb == "connect") {
    std::string socket;
    words >> socket;
    return "\"ready_ms\": " + std::to_string(line.connect(socket, commands) * 1e3);
  }
  double first = 0;
  double second = 0;
  words >> first >> second;
  const auto size = static_cast<std::size_t>(first);
  if (verb == "down" || verb == "up" || verb == "both")
    return phases.bulk(verb != "up", verb != "down", size);
  if (verb == "echo") return phases.echo(size, static_cast<int>(second));
  if (verb == "paced") return phases.paced(first, second);
  throw Failure("unknown: " + verb);
}

int play(std::size_t most, bool direct, bool commands) {
  Line line(direct);
  Phases phases(line, most);
  std::cout << line.device() << std::endl;
  for (std::string words; std::getline(std::cin, words);) {
    try {
      std::istringstream stream(words);
      const std::string figures = obey(line, phases, commands, stream);
      std::cout << '{' << figures << '}' << std::endl;
    } catch (const Failure& failure) {
      std::cout << "{\"error\": \"" << failure.what() << "\"}" << std::endl;
      return 1;
    }
  }
  return 0;
}

}  // namespace
}  // namespace sim52xx::bench

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  bool direct = false;
  bool commands = false;
  for (int i = 2; i < argc; ++i) {
    direct = direct || std::string_view(argv[i]) == "--direct";
    commands = commands || std::string_view(argv[i]) == "--commands";
  }
  const std::size_t most = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 0;
  return sim52xx::bench::play(most, direct, commands);
}
