#include "core/exchange/id_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

using ::testing::HasSubstr;

std::string classOf(std::string_view name) {
  const std::uint16_t row = classNamed(name, scanNetClasses());
  return row == kUnlabelled ? "" : scanNetClasses()[row].name;
}

TEST(ClassNamed, OverlooksCaseAndSeparators) {
  EXPECT_EQ(classOf("Shower_Curtain"), "shower curtain");
  EXPECT_EQ(classOf("shower-curtain"), "shower curtain");
  EXPECT_EQ(classOf("CHAIRS"), "chair");
}

TEST(ClassNamed, KnowsUsualSynonyms) {
  EXPECT_EQ(classOf("couch"), "sofa");
  EXPECT_EQ(classOf("refridgerator"), "refrigerator");
  EXPECT_EQ(classOf("Book shelf"), "bookshelf");
  EXPECT_EQ(classOf("dinosaur"), "");
}

std::map<std::int32_t, std::uint64_t> counts(std::initializer_list<std::int32_t> ids) {
  std::map<std::int32_t, std::uint64_t> found;
  for (const std::int32_t id : ids) found[id] = 10;
  return found;
}

TEST(GuessIds, GoesByNamesFirst) {
  ForeignLabels labels{.meaning = IdMeaning::Named, .names = {{7, "couch"}, {8, "lamp"}, {9, "background"}}};
  const IdGuess guess = guessIds(labels, counts({7, 8, 9}), scanNetClasses());
  EXPECT_EQ(scanNetClasses()[guess.map.rowOf(7)].name, "sofa");
  EXPECT_FALSE(guess.readings[1].is_known);
  EXPECT_TRUE(guess.readings[2].is_known) << "background means no label";
  EXPECT_EQ(guess.map.rowOf(9), kUnlabelled);
}

TEST(GuessIds, TellsNyu40FromTrainIds) {
  EXPECT_EQ(guessIds({}, counts({1, 2, 39}), scanNetClasses()).map.rowOf(39), 19);
  EXPECT_EQ(guessIds({}, counts({0, 1, 19}), scanNetClasses()).map.rowOf(19), 19);
  const IdGuess unsure = guessIds({}, counts({1, 2, 3}), scanNetClasses());
  EXPECT_FALSE(unsure.readings[0].is_known) << "1, 2 and 3 may be either";
  EXPECT_FALSE(guessIds({}, counts({1, 900}), scanNetClasses()).readings[0].is_known);
}

TEST(GuessIds, ReadsScanNetsOwnCategories) {
  const IdGuess guess = guessIds({.meaning = IdMeaning::Raw}, counts({2, 6, 4000}), scanNetClasses());
  EXPECT_EQ(scanNetClasses()[guess.map.rowOf(2)].name, "chair");
  EXPECT_EQ(scanNetClasses()[guess.map.rowOf(6)].name, "sofa");
  EXPECT_FALSE(guess.map.knows(4000));
}

TEST(GuessIds, WhatIsGivenComesFirst) {
  const IdMapFile map = parseIdMap("7 = table\ndog bed = none\n", "map", scanNetClasses()).value();
  ForeignLabels labels{.meaning = IdMeaning::Named, .names = {{7, "couch"}, {8, "Dog Bed"}}};
  const IdGuess guess = guessIds(labels, counts({7, 8}), scanNetClasses(), map);
  EXPECT_EQ(scanNetClasses()[guess.map.rowOf(7)].name, "table");
  EXPECT_TRUE(guess.map.knows(8));
  EXPECT_EQ(guess.map.rowOf(8), kUnlabelled);
}

TEST(IdMapFile, SaysWhichLineIsWrongAndWhatMayBeMeant) {
  EXPECT_THAT(parseIdMap("7 table\n", "map.txt", scanNetClasses()).error().message, HasSubstr("map.txt: line 1"));
  const auto unknown = parseIdMap("# ours\n7 = tabel\n", "map.txt", scanNetClasses());
  EXPECT_THAT(unknown.error().message, HasSubstr("line 2: there is no class \"tabel\""));
  EXPECT_THAT(unknown.error().message, HasSubstr("\"table\""));
}

}  // namespace
}  // namespace tagscape
