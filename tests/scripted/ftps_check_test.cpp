// What an FTPS job refuses before anything is sent, by the name of the field.
#include "daemon/jobs/ftps_job.hpp"
#include "tests/scripted/ftps_fixture.hpp"

namespace sim52xx::test {
namespace {

using daemon::FtpsJob;
using daemon::FtpsOp;
using daemon::FtpsRequest;
using daemon::FtpsStep;

class FtpsCheck : public ::testing::Test {
 protected:
  FtpsCheck() {
    request.host = "www.myftpsserver.com";
    request.user = "myname";
    request.password = "mypassword";
    add(FtpsOp::pwd, "");
  }
  FtpsStep& add(FtpsOp op, std::string path) {
    FtpsStep& step = request.steps.emplace_back();
    step.op = op;
    step.path = std::move(path);
    if (op == FtpsOp::put) step.body = std::make_unique<MemorySource>("x");
    if (op == FtpsOp::get) step.response = std::make_unique<TestSink>(stage.runtime);
    return step;
  }
  // The refusal's sentence; empty where there is none.
  std::string refusal(ErrorKind kind = ErrorKind::invalid) {
    auto checked = FtpsJob::check(request);
    if (checked) return {};
    EXPECT_EQ(name(checked.error().kind), name(kind));
    EXPECT_EQ(checked.error().message.find(request.password), std::string::npos);
    return checked.error().message;
  }

  Stage stage;
  FtpsRequest request;
};

const std::vector<std::pair<std::string, std::string>> bad{
    {"a\rAT+CPOF\r", "contains a carriage return"},
    {"a\nb", "contains a line feed"},
    {"a\",\"b", "contains a quote"},
    {std::string("a\0b", 3), "contains a control byte"},
    {"\x1b[2J", "contains a control byte"},
    {"\x7f", "contains a control byte"},
    {std::string(257, 'a'), "is too long (257 bytes, at most 256)"},
    {std::string(10'240, 'a'), "is too long (10240 bytes, at most 256)"},
};

TEST_F(FtpsCheck, FineAsItIs) {
  for (const FtpsOp op : {FtpsOp::cwd, FtpsOp::mkdir, FtpsOp::rmdir, FtpsOp::remove, FtpsOp::list,
                          FtpsOp::put, FtpsOp::get, FtpsOp::put_efs, FtpsOp::get_efs})
    add(op, "/a dir/b.txt");
  add(FtpsOp::list, "");
  add(FtpsOp::cwd, "\xe6\xb5\x8b");
  add(FtpsOp::cwd, std::string(256, 'a'));
  add(FtpsOp::put, "b").verify = true;
  add(FtpsOp::put_efs, "b").dir = 0;
  add(FtpsOp::get_efs, "b").dir = 8;
  EXPECT_EQ(refusal(), "");
}

TEST_F(FtpsCheck, TextThatCouldBeACommand) {
  for (const auto& [text, why] : bad) {
    for (std::string* const field : {&request.host, &request.user, &request.password}) {
      const std::string good = std::exchange(*field, text);
      const std::string name = field == &request.host   ? "host"
                               : field == &request.user ? "user"
                                                        : "password";
      auto checked = FtpsJob::check(request);
      ASSERT_FALSE(checked);
      EXPECT_EQ(checked.error().kind, ErrorKind::invalid);
      EXPECT_EQ(checked.error().message, name + " " + why);
      *field = good;
    }
    for (const FtpsOp op : {FtpsOp::cwd, FtpsOp::mkdir, FtpsOp::rmdir, FtpsOp::remove, FtpsOp::list,
                            FtpsOp::put, FtpsOp::get, FtpsOp::put_efs, FtpsOp::get_efs}) {
      add(op, text);
      EXPECT_EQ(refusal(), "steps[1].path " + why);
      request.steps.pop_back();
    }
  }
}

TEST_F(FtpsCheck, Login) {
  request.user = "";
  EXPECT_EQ(refusal(), "user is empty");
  request.user = "M\xc3\xbcller";
  EXPECT_EQ(refusal(), "user contains a byte that is not ASCII");
  request.user = "u";
  request.host = "";
  EXPECT_EQ(refusal(), "host is empty");
  request.host = "ftp://x";
  EXPECT_EQ(refusal(), "host is not a host name or address");
  request.host = "x";
  for (const int port : {0, -1, 65536}) {
    request.port = port;
    EXPECT_EQ(refusal(), "port is " + std::to_string(port) + ", allowed is 1 to 65535");
  }
  request.port = 990;
  request.type = 'E';
  EXPECT_EQ(refusal(), "type is neither A (text) nor I (binary)");
  request.type = 'A';
  EXPECT_EQ(refusal(), "");
}

TEST_F(FtpsCheck, Steps) {
  add(FtpsOp::pwd, "x");
  EXPECT_EQ(refusal(), "steps[1].path is given, but the operation has none");
  request.steps.pop_back();
  add(FtpsOp::cwd, "");
  EXPECT_EQ(refusal(), "steps[1].path is empty");
  request.steps.pop_back();
  add(FtpsOp::put, "dir/");
  EXPECT_EQ(refusal(), "steps[1].path names a directory");
  request.steps.pop_back();
  add(FtpsOp::cwd, std::string(129, '\xff'));
  EXPECT_EQ(refusal(),
            "steps[1].path is too long (129 bytes, at most 128): not being ASCII it takes twice "
            "its length");
  request.steps.pop_back();
  while (request.steps.size() <= 1000)
    add(FtpsOp::pwd, "");
  EXPECT_EQ(refusal(), "steps are too many (1001, at most 1000)");
  request.steps.clear();
  EXPECT_EQ(refusal(), "steps is empty: there is nothing to do");
}

TEST_F(FtpsCheck, Bodies) {
  add(FtpsOp::put, "x").body = nullptr;
  EXPECT_EQ(refusal(), "steps[1].body is missing");
  request.steps.pop_back();
  add(FtpsOp::get, "x").response = nullptr;
  EXPECT_EQ(refusal(), "steps[1].response is missing");
  request.steps.pop_back();
  add(FtpsOp::cwd, "x").body = std::make_unique<MemorySource>("x");
  EXPECT_EQ(refusal(), "steps[1].body is given, but only put has one");
  request.steps.pop_back();
  add(FtpsOp::put, "x").body = std::make_unique<MemorySource>("");
  EXPECT_EQ(refusal(ErrorKind::unsupported),
            "steps[1].body is empty: the modem cannot put an empty file on a server");
}

TEST_F(FtpsCheck, Verification) {
  add(FtpsOp::cwd, "x").verify = true;
  EXPECT_EQ(refusal(), "steps[1].verify is given, but only put has one");
  request.steps.pop_back();
  add(FtpsOp::put, "x").verify = true;
  request.type = 'A';
  EXPECT_EQ(refusal(), "steps[1].verify needs type I: as text, a file changes its size");
}

// Manuals, chapter 13.
TEST_F(FtpsCheck, NamesOfTheModemsFiles) {
  const std::string no = "steps[1].path is no name the modem's file system can have: ";
  for (const std::string name : {"-a", ".a", " a", "/dir/ a"}) {
    add(FtpsOp::get_efs, name);
    EXPECT_EQ(refusal(), no + "it must begin with a letter, a digit or _");
    request.steps.pop_back();
  }
  for (const std::string name : {"a*b", "a:b", "a?b", "a<b", "a>b", "a|b", "a,b", "a;b", "a\\b"}) {
    add(FtpsOp::put_efs, "/x*y/" + name);
    EXPECT_EQ(refusal(), no + "it contains one of \\ : * ? \" < > | , ;");
    request.steps.pop_back();
  }
  add(FtpsOp::put_efs, "a.");
  EXPECT_EQ(refusal(), no + "it ends with a dot");
  request.steps.pop_back();
  for (const int dir : {-1, 9}) {
    add(FtpsOp::put_efs, "a").dir = dir;
    EXPECT_EQ(refusal(), "steps[1].dir is " + std::to_string(dir) + ", allowed is 0 to 8");
    request.steps.pop_back();
  }
}

TEST_F(FtpsCheck, NamesOfOperations) {
  for (const std::string word :
       {"pwd", "cwd", "mkdir", "rmdir", "delete", "list", "put", "get", "put_efs", "get_efs"}) {
    const auto op = daemon::find_ftps_op(word);
    ASSERT_TRUE(op) << word;
    EXPECT_EQ(daemon::name(*op), word);
  }
  EXPECT_FALSE(daemon::find_ftps_op("remove"));
  EXPECT_FALSE(daemon::find_ftps_op(""));
}

}  // namespace
}  // namespace sim52xx::test
