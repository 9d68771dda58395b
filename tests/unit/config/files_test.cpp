// What touches the file system: drop-ins and secrets.
#include <filesystem>
#include <fstream>

#include <stdlib.h>
#include <sys/stat.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/config/reader.hpp"
#include "daemon/config/secret.hpp"

namespace sim52xx::daemon::config {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Files : public testing::Test {
 protected:
  Files() {
    std::string name = fs::temp_directory_path() / "sim52xx-config-XXXXXX";
    folder_ = ::mkdtemp(name.data());
  }
  ~Files() override { fs::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) {
    const fs::path path = folder_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  fs::path folder_;
};

TEST_F(Files, DropInsWinInOrderOfName) {
  const std::string main = write("d.toml", "[modem]\napn = \"main\"\nbaud = 300\n");
  write("conf.d/20-b.toml", "[modem]\napn = \"twenty\"\n");
  write("conf.d/10-a.toml", "[modem]\napn = \"ten\"\nbaud = 600\n");
  write("conf.d/30-c.toml.bak", "[modem]\napn = \"backup\"\n");
  write("conf.d/.hidden.toml", "[modem]\napn = \"hidden\"\n");
  const Loaded loaded = load(fs::path(main));
  ASSERT_THAT(loaded.problems, IsEmpty());
  EXPECT_EQ(loaded.config.modem.apn, "twenty");
  EXPECT_EQ(loaded.config.modem.baud, 600);
  EXPECT_EQ(loaded.settings.at("modem").values.at("baud").origin.file,
            folder_ / "conf.d/10-a.toml");
}

TEST_F(Files, ProblemsOfAllFilesAreTold) {
  const std::string main = write("d.toml", "[modem]\nbaud = 1\n");
  const std::string extra = write("conf.d/a.toml", "[x\n");
  const std::vector<std::string> problems = load(fs::path(main)).problems;
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_THAT(problems[0], HasSubstr(main + ":2:8: modem.baud: found 1, allowed"));
  EXPECT_THAT(problems[1], HasSubstr(extra + ":1:3: "));
}

TEST_F(Files, AFileThatCannotBeReadIsAProblem) {
  const std::string main = folder_ / "absent.toml";
  EXPECT_THAT(
      load(fs::path(main)).problems,
      ElementsAre(main +
                  ": cannot be read: No such file or directory; --config FILE names another"));
  EXPECT_THAT(load(folder_).problems,
              ElementsAre(folder_.string() + ": cannot be read: Is a directory"));
  const std::string large = write("large.toml", std::string((1 << 20) + 1, '#'));
  EXPECT_THAT(load(fs::path(large)).problems,
              ElementsAre(large + ": cannot be read: File too large"));
}

TEST_F(Files, SecretsAreReadWithoutTheirLineEnd) {
  for (const char* text : {"s3cret", "s3cret\n", "s3cret\r\n"}) {
    const Result<std::string> secret = read_secret({"", write("f", text)}, "");
    ASSERT_TRUE(secret);
    EXPECT_EQ(*secret, "s3cret");
  }
  write("apn", " a\nb \n");
  const Result<std::string> secret = read_secret({"apn", ""}, folder_);
  ASSERT_TRUE(secret);
  EXPECT_EQ(*secret, " a\nb ");
}

std::string refusal(const SecretName& name, const std::string& directory = "") {
  const Result<std::string> secret = read_secret(name, directory);
  return secret ? "none" : secret.error().message;
}

TEST_F(Files, BadSecretsAreRefusedWithoutBeingShown) {
  const std::string file = folder_ / "f";
  const SecretName name{"", file};
  EXPECT_EQ(refusal(name), "the secret " + file + " cannot be read: No such file or directory");
  EXPECT_EQ(refusal({"", folder_}), "the secret " + folder_.string() + " is not a regular file");
  ASSERT_EQ(::mkfifo((folder_ / "fifo").c_str(), 0600), 0);
  EXPECT_THAT(refusal({"", folder_ / "fifo"}), HasSubstr("is not a regular file"));
  write("f", std::string(4097, 'x'));
  EXPECT_EQ(refusal(name), "the secret " + file + " is longer than 4096 bytes");
  write("f", "\n");
  EXPECT_EQ(refusal(name), "the secret " + file + " is empty");
  write("f", std::string("a\0b", 3));
  EXPECT_EQ(refusal(name), "the secret " + file + " contains a zero byte");
  EXPECT_EQ(refusal({"apn", ""}),
            "the secret apn is a systemd credential, but CREDENTIALS_DIRECTORY is not set "
            "(LoadCredential=)");
  EXPECT_EQ(refusal({}), "no secret is named");
}

}  // namespace
}  // namespace sim52xx::daemon::config
