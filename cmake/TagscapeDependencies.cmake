# What comes from the system. Nothing is downloaded at configure time.

set(CMAKE_THREAD_PREFER_PTHREAD ON)
find_package(Threads REQUIRED)
find_package(OpenMP REQUIRED)
find_package(Eigen3 REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(tl-expected REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(CLI11 REQUIRED)
find_package(PNG REQUIRED)
find_package(OpenEXR REQUIRED)
find_package(pugixml REQUIRED)
find_package(embree 3 REQUIRED)
find_package(OpenCV REQUIRED COMPONENTS core imgproc)
find_package(PkgConfig REQUIRED)
find_package(ZLIB REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
pkg_check_modules(libzip REQUIRED IMPORTED_TARGET libzip)
pkg_check_modules(turbojpeg REQUIRED IMPORTED_TARGET libturbojpeg)

# Open3D's own package file also looks for its viewer's libraries; they come with the same Debian package.
find_package(Open3D REQUIRED)

if(TAGSCAPE_WITH_LEARNING)
  # A LibTorch of your own (with CUDA, say) comes first when CMAKE_PREFIX_PATH names it.
  find_package(Torch REQUIRED)
  add_library(tagscape_torch INTERFACE)
  add_library(tagscape::torch ALIAS tagscape_torch)
  target_link_libraries(tagscape_torch INTERFACE ${TORCH_LIBRARIES})
  target_include_directories(tagscape_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
  separate_arguments(tagscape_torch_flags UNIX_COMMAND "${TORCH_CXX_FLAGS}")
  target_compile_options(tagscape_torch INTERFACE ${tagscape_torch_flags})
endif()

if(TAGSCAPE_WITH_STUDIO)
  # PrintSupport: QCustomPlot's package file names it but does not look for it.
  find_package(Qt6 6.4 REQUIRED COMPONENTS Core Gui LinguistTools Widgets OpenGL OpenGLWidgets PrintSupport Test)
  find_package(QCustomPlotQt6 REQUIRED)
  pkg_check_modules(imgui REQUIRED IMPORTED_TARGET imgui)
endif()

if(TAGSCAPE_BUILD_TESTS)
  find_package(GTest REQUIRED)
endif()
