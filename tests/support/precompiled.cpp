// Stands for the precompiled headers of the tests, which CMake makes for a library only.
