// The modem's file system: its commands, and the two places where files may be.
#include <cstdlib>

#include <gtest/gtest.h>

#include "tests/emulator/io/folder_store.hpp"
#include "tests/unit/emulator/rig.hpp"

namespace sim52xx::sim {
namespace {

TEST(Efs, Folders) {
  Rig rig;
  rig.say("ATE0\r");
  EXPECT_EQ(rig.say("AT+FSCD?\r"), "\r\n+FSCD: C:/\r\n" + ok_line);
  EXPECT_EQ(rig.say("AT+FSCD=C:/Picture\r"), "\r\n+FSCD: C:/Picture/\r\n" + ok_line);
  EXPECT_EQ(rig.say("AT+FSMKDIR=mine\r"), ok_line);
  EXPECT_EQ(rig.say("AT+FSCD=mine\r"), "\r\n+FSCD: C:/Picture/mine/\r\n" + ok_line);
  EXPECT_EQ(rig.say("AT+FSCD=..\r"), "\r\n+FSCD: C:/Picture/\r\n" + ok_line);
  EXPECT_EQ(rig.say("AT+FSLS=1\r"), "\r\n+FSLS: SUBDIRECTORIES:\r\nmine\r\n" + ok_line);
  EXPECT_EQ(rig.say("AT+FSRMDIR=mine\r"), ok_line);
  EXPECT_EQ(rig.say("AT+FSCD=mine\r"), "\r\nDIRECTORY NOT EXISTING\r\n" + error_line);
  EXPECT_EQ(rig.say("AT+FSCD=/Video\r"), "\r\n+FSCD: C:/Video/\r\n" + ok_line);
  EXPECT_EQ(rig.say("AT+FSCD=D:/Picture\r"), "\r\nDIRECTORY NOT EXISTING\r\n" + error_line);
}

TEST(Efs, Files) {
  Rig rig;
  rig.say("ATE0\r");
  rig.files.write("C:/Picture/a.jpg", 0, "0123456789");
  rig.say("AT+FSCD=C:/\r");
  EXPECT_EQ(rig.say("AT+FSLS?\r"), "\r\n+FSLS: SUBDIRECTORIES:4,FILES:0\r\n" + ok_line);
  EXPECT_EQ(rig.say("AT+FSATTRI=Picture/a.jpg\r"),
            "\r\n+FSATTRI: 10, 2012/08/22 00:00:00\r\n" + ok_line);
  EXPECT_EQ(rig.say("AT+FSMEM\r"), "\r\n+FSMEM: C:(134217728, 10)\r\n" + ok_line);
  rig.say("AT+FSCD=Picture\r");
  EXPECT_EQ(rig.say("AT+FSRENAME=a.jpg,b.jpg\r"), ok_line);
  EXPECT_EQ(rig.say("AT+FSLS\r"), "\r\n+FSLS: FILES:\r\nb.jpg\r\n" + ok_line);
  EXPECT_EQ(rig.say("AT+FSDEL=a.jpg\r"), "\r\nFILE NOT EXISTING\r\n" + error_line);
  EXPECT_EQ(rig.say("AT+FSDEL=b.jpg\r"), ok_line);
  rig.files.write("C:/Picture/c", 0, "x");
  EXPECT_EQ(rig.say("AT+FSDEL=*.*\r"), ok_line);
  EXPECT_EQ(rig.say("AT+FSLS=2\r"), ok_line);
}

TEST(Efs, NamesThatAreNone) {
  Rig rig;
  rig.say("ATE0\r");
  for (const char* name : {"a?b", "a|b", ".a", "a.", "a:b", "a<b", "a\\b"})
    EXPECT_FALSE(Efs::valid_name(name)) << name;
  EXPECT_FALSE(Efs::valid_name(std::string(255, 'a')));
  for (const char* path : {"../../etc", "Picture/../../etc", "C:/../etc", "..", "E:/a"})
    EXPECT_EQ(rig.say(std::string("AT+FSMKDIR=") + path + "\r"), error_line) << path;
}

void check(FileStore& store) {
  EXPECT_EQ(store.list("C:")->folders,
            (std::vector<std::string>{"Audio", "Picture", "Video", "VideoCall"}));
  EXPECT_FALSE(store.list("D:"));
  EXPECT_TRUE(store.write("C:/Picture/a", 0, "0123456789"));
  EXPECT_TRUE(store.write("C:/Picture/a", 4, "xyz"));
  EXPECT_EQ(store.facts("C:/Picture/a")->size, 7);
  EXPECT_EQ(store.read("C:/Picture/a", 2, 3), "23x");
  EXPECT_EQ(store.read("C:/Picture/a", 6, 30), "z");
  EXPECT_EQ(store.read("C:/Picture/a", 7, 30), "");
  EXPECT_EQ(store.used(), 7);
  EXPECT_FALSE(store.facts("C:/Picture"));
  EXPECT_FALSE(store.write("C:/none/a", 0, "x"));
  EXPECT_TRUE(store.make_folder("C:/new"));
  EXPECT_FALSE(store.make_folder("C:/new"));
  EXPECT_TRUE(store.rename("C:/Picture/a", "C:/new/b"));
  EXPECT_FALSE(store.remove_folder("C:/new"));
  EXPECT_EQ(store.list("C:/new")->files, std::vector<std::string>{"b"});
  EXPECT_TRUE(store.remove("C:/new/b"));
  EXPECT_FALSE(store.remove("C:/new/b"));
  EXPECT_TRUE(store.remove_folder("C:/new"));
  EXPECT_FALSE(store.remove_folder("C:"));
}

TEST(Efs, InMemory) {
  MemoryStore store;
  check(store);
}

TEST(Efs, InAFolder) {
  std::string root = testing::TempDir() + "sim52xx-efs.XXXXXX";
  ASSERT_NE(::mkdtemp(root.data()), nullptr);
  {
    FolderStore store(root);
    check(store);
    std::filesystem::create_directories(std::filesystem::path(root) / "D:" / "Picture");
    EXPECT_TRUE(store.write("D:/Picture/a", 0, "x"));
    EXPECT_EQ(store.list("C:")->folders.size(), 4U);
  }
  std::filesystem::remove_all(root);
}

}  // namespace
}  // namespace sim52xx::sim
