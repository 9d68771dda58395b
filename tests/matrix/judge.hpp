// Plays one case and says what is wrong with it: the daemon ends ready and serves, the client has
// got right data or a clear failure, nothing is left over, the modem's exclusion rules hold.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/matrix/cases.hpp"
#include "tests/matrix/known_cases.hpp"

namespace sim52xx::test {

struct Complaint {
  End end;
  std::string words;
};

struct Verdict {
  std::vector<Complaint> complaints;  // none: it is as it should be
  bool struck = false;                // the fault did happen
  bool good = false;                  // all went well in spite of it
  bool quiet = false;                 // a failure was told by status alone
  std::string told;                   // the failure that the client was told
  std::vector<Outcome> outcomes;      // of the dialogue with the fault
  std::string wire;                   // until then, as `sim52xxctl trace save` saves it
  std::string trace;
  std::string log;  // the daemon's
};

// For the sockets of all of them, one after the other; made where it is needed.
std::filesystem::path folder();
// What passes when nothing goes wrong. Throws where something does.
sim::FaultSteps::Log play_without_fault(const Dialogue& dialogue);
Verdict play(const Case& what, const sim::FaultSteps::Log& log);
// Plays the modem's side of `was.wire` to another daemon; in words where that ends otherwise.
std::vector<std::string> replay(const Case& what, const Verdict& was);

}  // namespace sim52xx::test
