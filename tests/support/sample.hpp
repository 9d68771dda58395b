// A sample dialogue of the note: what the host sends, what the modem prints, what must come of it.
// Played through framer and exchange in every split, with and without echo, and with a URC at every
// legal place.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "protocol/bytes.hpp"
#include "tests/support/conversation.hpp"
#include "tests/support/splits.hpp"

namespace sim52xx::test {

struct Sample {
  std::string_view chapter;
  CommandId id;
  std::string host;                // as printed, without the spaces of the typesetting
  std::vector<std::string> modem;  // line by line; a counted block stands behind its line
  Final final = Final::ok;
  std::optional<long> code = {};
  std::vector<std::string> lines = {};
  std::vector<std::string> urcs = {};
  std::string block = {};
  std::string pushed = {};
  bool never_sent = false;  // a misprint: the command of that name is another one
};

// The host's line is one that the profile's row can send.
inline bool is_spelled(const Sample& sample) {
  const CommandRow& row = sim52xx_profile().row(sample.id);
  const std::string_view sent = std::string_view(sample.host).substr(2);
  return std::ranges::any_of(
      std::span(row.names).first(row.spellings()),
      [&](std::string_view name) { return sent.substr(0, sent.find_first_of("=?")) == name; });
}

inline void expect_outcome(const Sample& sample, Conversation& talk) {
  if (talk.exchange.settling()) {
    talk.exchange.settle();
    talk.outcome = talk.exchange.take_outcome();
    ++talk.done;
  }
  EXPECT_EQ(talk.done, 1);
  EXPECT_FALSE(talk.exchange.active());
  EXPECT_EQ(talk.outcome.final, sample.final);
  EXPECT_EQ(talk.outcome.code, sample.code);
  EXPECT_EQ(talk.outcome.lines, sample.lines);
  EXPECT_EQ(talk.block, sample.block);
  EXPECT_EQ(talk.pushed, sample.pushed);
  const bool payload = sim52xx_profile().row(sample.id).completion == Completion::payload;
  EXPECT_EQ(talk.payloads, payload ? 1 : 0);
  EXPECT_EQ(talk.online, "");
}

inline void play_stream(const Sample& sample, const std::string& stream,
                        const std::vector<std::string>& urcs) {
  for_each_split(stream, [&](const Pieces& pieces) {
    Conversation talk(sample.id, sample.host);
    talk.feed_all(pieces);
    expect_outcome(sample, talk);
    EXPECT_EQ(talk.urcs, urcs);
  });
}

inline void play(const Sample& sample) {
  SCOPED_TRACE(std::string(sample.chapter) + ": " + printable(sample.host));
  EXPECT_EQ(is_spelled(sample), !sample.never_sent);
  play_stream(sample, join(sample.modem), sample.urcs);
  play_stream(sample, sample.host + "\r" + join(sample.modem), sample.urcs);

  const std::string guest = "+CMTI: \"SM\",3";
  const auto with_guest = [&](const std::string& stream, std::size_t place) {
    if (sample.final == Final::connect && place == sample.modem.size()) return;  // data by then
    const std::vector<std::string> before(sample.modem.begin(),
                                          sample.modem.begin() + static_cast<long>(place));
    Conversation until(sample.id, sample.host);
    until.feed(join(before));
    std::vector<std::string> urcs = sample.urcs;
    urcs.insert(urcs.begin() + static_cast<long>(until.urcs.size()), guest);
    play_stream(sample, stream, urcs);
  };
  for_each_insertion(sample.modem, "\r\n" + guest + "\r\n", with_guest);
}

}  // namespace sim52xx::test
