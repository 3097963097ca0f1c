# SPDX-License-Identifier: GPL-2.0-or-later
#
# How this project's own code is compiled. One static library a folder keeps
# the direction of dependencies checked by the linker:
#
#   landlord_library(NAME SOURCES file... LINKS library...)
#   landlord_program(NAME SOURCES file... LINKS library...)

add_library(landlord-options INTERFACE)
target_compile_options(landlord-options INTERFACE
	-Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes
	-Wpointer-arith -Wwrite-strings -Wformat=2 -Wvla
	# Clang means macros of libseccomp's by one, and texts of several lines in
	# a table by the other.
	$<$<C_COMPILER_ID:Clang>:-Wno-missing-field-initializers>
	$<$<C_COMPILER_ID:Clang>:-Wno-string-concatenation>
	$<$<BOOL:${LANDLORD_WERROR}>:-Werror>
	-fno-strict-aliasing -fstack-protector-strong
	$<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>)
target_compile_definitions(landlord-options INTERFACE _GNU_SOURCE)
# The kernel's header comes before the system's: see base/landlock.h.
target_include_directories(landlord-options INTERFACE
	${PROJECT_SOURCE_DIR}/kernel/uapi
	${PROJECT_SOURCE_DIR}/proto
	${PROJECT_SOURCE_DIR}/supervisord
	${PROJECT_SOURCE_DIR}/supervisee)
if(LANDLORD_SANITIZE)
	target_compile_options(landlord-options INTERFACE
		-fsanitize=${LANDLORD_SANITIZE} -fno-omit-frame-pointer
		-fno-sanitize-recover=all)
	target_link_options(landlord-options INTERFACE
		-fsanitize=${LANDLORD_SANITIZE})
endif()

function(landlord_library name)
	cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
	add_library(${name} STATIC ${ARG_SOURCES})
	target_link_libraries(${name} PRIVATE landlord-options
		PUBLIC ${ARG_LINKS})
endfunction()

function(landlord_program name)
	cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
	add_executable(${name} ${ARG_SOURCES})
	target_link_libraries(${name} PRIVATE landlord-options ${ARG_LINKS})
	if(LANDLORD_SANITIZE MATCHES "address")
		target_sources(${name} PRIVATE
			${PROJECT_SOURCE_DIR}/cmake/sanitizer.c)
	endif()
endfunction()
