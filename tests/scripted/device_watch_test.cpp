// The coming of a device is noticed without looking for it: real folders and links, real inotify.
#include "daemon/serial/device_watch.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include <unistd.h>

#include <gtest/gtest.h>

#include "tests/scripted/modem_fixture.hpp"

namespace sim52xx::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using daemon::DeviceWatch;

class DeviceWatchTest : public ::testing::Test {
 protected:
  DeviceWatchTest() {
    std::string name = (fs::temp_directory_path() / "sim52xx-watch.XXXXXX").string();
    folder = mkdtemp(name.data());
  }
  ~DeviceWatchTest() override { fs::remove_all(folder); }

  static void make(const fs::path& path) { std::ofstream(path).put('x'); }
  // Runs the event loop until it has nothing more to do, at most for that long.
  void run(std::chrono::milliseconds most = 50ms) {
    runtime.io.restart();
    runtime.io.run_for(most);
  }
  bool comes(DeviceWatch& watch) {
    for (int i = 0; i < 100 && !watch.noticed(); ++i)
      run();
    return watch.noticed();
  }
  DeviceWatch watch_for(const fs::path& device) {
    return {runtime, device.string(), [this] { ++changes; }};
  }

  fs::path folder;
  daemon::Runtime runtime;
  int changes = 0;
};

TEST_F(DeviceWatchTest, AFileIsMade) {
  DeviceWatch watch = watch_for(folder / "ttyUSB2");
  ASSERT_TRUE(watch.arm());
  EXPECT_FALSE(watch.noticed());
  make(folder / "ttyUSB2");
  EXPECT_TRUE(comes(watch));
  EXPECT_EQ(changes, 1);
  EXPECT_FALSE(watch.arm());  // it is there: nothing to watch for
}

TEST_F(DeviceWatchTest, OthersDoNotMatter) {
  DeviceWatch watch = watch_for(folder / "ttyUSB2");
  ASSERT_TRUE(watch.arm());
  make(folder / "ttyUSB1");
  make(folder / "ttyUSB22");
  run();
  EXPECT_FALSE(watch.noticed());
  EXPECT_EQ(changes, 0);
}

// Another number behind the same name, and the link made anew or renamed into its place.
TEST_F(DeviceWatchTest, ALinkIsMadeOrPutInPlace) {
  make(folder / "ttyUSB5");
  for (const bool renamed : {false, true}) {
    fs::remove(folder / "modem");
    DeviceWatch watch = watch_for(folder / "modem");
    ASSERT_TRUE(watch.arm());
    fs::create_symlink("ttyUSB5", folder / (renamed ? "new" : "modem"));
    if (renamed) fs::rename(folder / "new", folder / "modem");
    EXPECT_TRUE(comes(watch));
  }
}

// The link stays, and what it points to comes back.
TEST_F(DeviceWatchTest, TheTargetOfALinkOfALinkIsMade) {
  fs::create_directories(folder / "serial/by-id");
  fs::create_symlink("../../ttyUSB2", folder / "serial/by-id/usb-SimTech");
  fs::create_symlink("serial/by-id/usb-SimTech", folder / "modem");
  DeviceWatch watch = watch_for(folder / "modem");
  ASSERT_TRUE(watch.arm());
  make(folder / "ttyUSB2");
  EXPECT_TRUE(comes(watch));
}

// Without any serial device there is no /dev/serial at all.
TEST_F(DeviceWatchTest, TheFolderItselfIsMade) {
  DeviceWatch watch = watch_for(folder / "serial/by-id/usb-SimTech");
  ASSERT_TRUE(watch.arm());
  fs::create_directory(folder / "serial");
  EXPECT_TRUE(comes(watch));
  ASSERT_TRUE(watch.arm());
  fs::create_directory(folder / "serial/by-id");
  EXPECT_TRUE(comes(watch));
  ASSERT_TRUE(watch.arm());
  make(folder / "serial/by-id/usb-SimTech");
  EXPECT_TRUE(comes(watch));
}

TEST_F(DeviceWatchTest, TheFolderIsRemoved) {
  fs::create_directory(folder / "serial");
  DeviceWatch watch = watch_for(folder / "serial/usb-SimTech");
  ASSERT_TRUE(watch.arm());
  fs::remove(folder / "serial");
  EXPECT_TRUE(comes(watch));
  EXPECT_TRUE(watch.arm());  // by the folder above now
}

TEST_F(DeviceWatchTest, LinksInACircleAreGivenUp) {
  fs::create_symlink("b", folder / "a");
  fs::create_symlink("a", folder / "b");
  DeviceWatch watch = watch_for(folder / "a");
  EXPECT_FALSE(watch.arm());
}

TEST_F(DeviceWatchTest, NobodyIsToldBehindTheEnd) {
  {
    DeviceWatch watch = watch_for(folder / "ttyUSB2");
    ASSERT_TRUE(watch.arm());
    make(folder / "ttyUSB2");
  }
  run();
  EXPECT_EQ(changes, 0);
}

// The modem comes back while it is awaited: it is opened at that very moment.
class ComebackTest : public ModemTest {
 protected:
  ComebackTest() {
    std::string name = (fs::temp_directory_path() / "sim52xx-watch.XXXXXX").string();
    folder = mkdtemp(name.data());
    modem.watch_for(folder / "modem");
  }
  ~ComebackTest() override { fs::remove_all(folder); }

  fs::path folder;
};

TEST_F(ComebackTest, IsSeenAtOnce) {
  plugged = false;
  plug_in();
  EXPECT_EQ(modem.state(), Modem::State::modem_absent);
  stage.pass(10min);
  script_bring_up();
  const Time before = stage.now();
  plugged = true;
  std::ofstream(folder / "modem").put('x');
  for (int i = 0; i < 100 && !modem.ready(); ++i) {
    stage.settle();
    std::this_thread::yield();
  }
  EXPECT_TRUE(modem.ready());
  EXPECT_EQ(stage.now(), before);
}

// Where nothing can be watched it is looked for.
TEST_F(ComebackTest, IsFoundWithoutBeingWatchedFor) {
  modem.watch_for("");
  plugged = false;
  plug_in();
  stage.pass(10min);
  script_bring_up();
  plugged = true;
  EXPECT_TRUE(stage.until([&] { return modem.ready(); }, 1s));
}

}  // namespace
}  // namespace sim52xx::test
