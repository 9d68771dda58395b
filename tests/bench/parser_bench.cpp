// parser_bench SECONDS: how fast framer, exchange, fields and unsolicited codes are on a mixed
// stream, fed from memory in reads of 4 KiB. Prints a JSON object.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "tests/support/mixed_stream.hpp"

namespace {

using sim52xx::test::MixedStream;
using sim52xx::test::StreamParser;

double processor_time() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// Bytes per second of processor time, and lines.
void measure(const char* name, const MixedStream& stream, double seconds) {
  StreamParser parser;
  parser.feed_all(stream.bytes);
  const bool right = parser.lines == stream.lines && parser.finals > 0 && parser.urcs > 0;
  const double begin = processor_time();
  double spent = 0;
  std::size_t times = 0;
  for (; spent < seconds; spent = processor_time() - begin, ++times)
    parser.feed_all(stream.bytes);
  const double bytes = static_cast<double>(times) * static_cast<double>(stream.bytes.size());
  const double lines = static_cast<double>(times) * static_cast<double>(stream.lines);
  std::printf("\"%s_mb_s\": %.1f, \"%s_mlines_s\": %.2f, \"%s_right\": %d", name,
              bytes / spent / 1e6, name, lines / spent / 1e6, name, right ? 1 : 0);
}

}  // namespace

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 1.0;
  std::printf("{");
  measure("lines", MixedStream(35700, 0), seconds);
  std::printf(", ");
  measure("mixed", MixedStream(35700, 10), seconds);
  std::printf("}\n");
  return 0;
}
