# Compiler cache, linker, warnings and sanitizers, the same for every target of the project.

find_program(TAGSCAPE_CCACHE ccache)
if(TAGSCAPE_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${TAGSCAPE_CCACHE})
endif()

find_program(TAGSCAPE_LLD ld.lld)
if(TAGSCAPE_LLD)
  add_link_options(-fuse-ld=lld)
endif()
# Libraries that are named but not used must not be loaded: the studio never touches LibTorch, whose loading takes 0.7 s.
add_link_options(-Wl,--as-needed)

add_library(tagscape_warnings INTERFACE)
target_compile_options(tagscape_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough
  $<$<BOOL:${TAGSCAPE_WARNINGS_AS_ERRORS}>:-Werror>)

if(TAGSCAPE_SANITIZE)
  # Instrumented code makes g++ see uninitialised members in every tl::expected; the sanitizers themselves know better.
  add_compile_options(-fsanitize=${TAGSCAPE_SANITIZE} -fno-omit-frame-pointer -Wno-maybe-uninitialized)
  add_link_options(-fsanitize=${TAGSCAPE_SANITIZE})
endif()
