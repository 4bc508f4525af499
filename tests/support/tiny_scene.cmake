# A small furnished room in memory, with its truth, for tests of any module.
add_library(tagscape_tiny_scene STATIC ${CMAKE_CURRENT_LIST_DIR}/tiny_scene.cpp)
target_include_directories(tagscape_tiny_scene PUBLIC ${PROJECT_SOURCE_DIR})
target_link_libraries(tagscape_tiny_scene PUBLIC tagscape::scene PRIVATE tagscape_warnings)
