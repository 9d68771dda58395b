// The close detector against the simplest model there is: while no end was decided, all that came
// is what was handed out and what is held, in order; what is decided to be alive is handed out
// whole, and an end takes away the farewell and nothing before it.
#include <string>

#include "protocol/close_detector.hpp"
#include "protocol/escape_answer.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace sim52xx::fuzz {
namespace {

using namespace std::chrono_literals;

struct Stream {
  void take(const CloseDetector::Data& data) {
    out += data.held;
    out += data.fresh;
    check(in.compare(0, out.size(), out) == 0, "what is handed out is what came, in order");
  }

  CloseDetector detector;
  std::string in;
  std::string out;
  CloseDetector::Time now{};
};

void run(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  Stream stream;
  const unsigned flags = input.byte();
  stream.detector.expect_guest((flags & 1U) != 0);
  const std::size_t piece = flags / 2 + 1;
  bool over = false;
  while (!input.empty() && !over) {
    const std::string bytes(input.bytes(piece));
    stream.in += bytes;
    stream.take(stream.detector.feed(bytes, stream.now));
    if (stream.detector.suspect() && input.byte() % 4 == 0) {
      over = input.byte() % 8 == 0;
      stream.take(over ? stream.detector.over() : stream.detector.alive());
    }
    stream.now += 7ms;
    if (const auto at = stream.detector.deadline(); at && *at <= stream.now)
      stream.take(stream.detector.tick(stream.now));
  }
  if (over) {
    check(!stream.detector.words().empty(), "an end has its words");
    return;
  }
  stream.now += 1s;
  stream.take(stream.detector.tick(stream.now));
  stream.take(stream.detector.alive());
  check(stream.out == stream.in, "without an end, all that came is data");
  if (const auto answer = find_escape_answer(stream.in))
    check(answer->data.size() + answer->rest.size() <= stream.in.size(), "parts of the stream");
}

}  // namespace
}  // namespace sim52xx::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sim52xx::fuzz::run(data, size);
  return 0;
}
