// A get from a server to which somebody is logged in.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "tests/scripted/ftps_fixture.hpp"

namespace sim52xx::test {

class FtpsGet : public FtpsTest {
 protected:
  void SetUp() override {
    FtpsTest::SetUp();
    be_logged_in();
  }
  Script& script_get() { return script.command("AT+CFTPSGET=\"t1.txt\""); }
  Task<Result<void>> begin() { return stage.start(ftps.get(file, sink, transfer)); }
  // As many blocks as `bytes` need.
  void script_blocks(std::string_view bytes, std::size_t size) {
    for (; !bytes.empty(); bytes.remove_prefix(std::min(size, bytes.size())))
      script.print(block("+CFTPSGET", bytes.substr(0, size)));
  }
};

}  // namespace sim52xx::test
