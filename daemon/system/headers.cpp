// The precompiled headers of everything that uses Asio are made for this file: CMake needs one.
