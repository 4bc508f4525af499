// tagscape: every job of the studio without a display. Composition only; the work is done in core.

#include "app/cli/learning_program.h"
#include "app/cli/program.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace {

using namespace tagscape;

constexpr cli::CommandRow kCommands[] = {
    {"info", "List what a scan holds and what is wrong with it", true, &cli::addInfo},
    {"fuse", "Fuse the depth maps of a scan into a coloured mesh", true, &cli::addFuse},
    {"synth", "Generate a sample room, or a data set of rooms in ScanNet's formats", true, &cli::addSynth},
    {"launch", "Run a command in several processes on this machine that train together", false, &cli::addLaunch},
    {"train", "Train the image and the point classifier from class tags", true, nullptr},
    {"predict", "Compute class activation maps and labels with a trained run", true, nullptr},
    {"serve", "Serve predictions on request, for programs such as the studio", false, nullptr},
    {"evaluate", "Evaluate predictions against annotated labels by ScanNet's rules", true, nullptr},
    {"reproduce", "Run the whole comparison: data, trainings, baselines, tables, plots", true, &cli::addReproduce},
    {"project",
     "Keep labels and tags of scans in a project: begin, list, prelabel, export, merge",
     true,
     &cli::addProject},
    {"export", "Write labels in the formats of other programs", true, &cli::addExport},
    {"verify", "Compare an export with the checksums of its manifest", true, &cli::addVerify},
    {"import", "Read labels that another program wrote", true, &cli::addImport},
    {"weights", "List the tensors of a weight file and the network it fits; fetch published weights", true, nullptr},
    {"features", "Compute a layer's features of an image or a point cloud, as a numpy array", true, nullptr},
    {"doctor", "Report versions, speed and devices of this machine, and any problems", true, nullptr},
};

/// The arguments without the -- before a launched command. CLI11 would hand what follows it to the outer parser; and
/// the command's name ends the options of launch anyhow.
std::vector<char*> withoutMark(int argc, char** argv) {
  std::vector<char*> words(argv, argv + argc);
  if (argc < 2 || std::string_view(argv[1]) != "launch") return words;
  const auto mark =
      std::find_if(words.begin(), words.end(), [](const char* word) { return std::string_view(word) == "--"; });
  if (mark != words.end()) words.erase(mark);
  return words;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && cli::isLearningCommand(argv[1])) return cli::becomeLearningProgram(argv);
  std::vector<char*> words = withoutMark(argc, argv);
  return cli::runProgram(static_cast<int>(words.size()), words.data(), kCommands);
}
