// tagscape: every job of the studio without a display. Composition only; the work is done in core.

#include "app/cli/learning_program.h"
#include "app/cli/program.h"

namespace {

using namespace tagscape;

constexpr cli::CommandRow kCommands[] = {
    {"info", "Print what a scan holds and what is wrong with it", true, &cli::addInfo},
    {"fuse", "Fuse the depth maps of a scan into a coloured mesh", true, &cli::addFuse},
    {"synth", "Make a sample room, or a data set of rooms in ScanNet's files", true, &cli::addSynth},
    {"train", "Train the image and the point classifier from class tags", true, nullptr},
    {"predict", "Compute class activation maps and labels with a trained run", true, nullptr},
    {"serve", "Answer requests for predictions line by line, for programs such as the studio", false, nullptr},
    {"evaluate", "Compare a run's predictions with annotated labels, as ScanNet counts them", true, nullptr},
    {"export", "Write predicted labels for other programs", true, &cli::addExport},
    {"weights", "List what a weight file holds and which network it fits", true, nullptr},
    {"features", "Write any layer's features of an image or a cloud as a numpy array", true, nullptr},
    {"doctor", "Print versions, speed and devices of this machine, and what is wrong with them", true, nullptr},
};

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && cli::isLearningCommand(argv[1])) return cli::becomeLearningProgram(argv);
  return cli::runProgram(argc, argv, kCommands);
}
