// tagscape-learn: the commands of tagscape that need LibTorch (see learning_program.h). Composition only.

#include "app/cli/program.h"

namespace {

using namespace tagscape;

constexpr cli::CommandRow kCommands[] = {
    {"train", "Train the image and the point classifier from class tags", true, &cli::addTrain},
    {"predict", "Compute class activation maps and labels with a trained run", true, &cli::addPredict},
    {"serve", "Answer requests for predictions line by line, for programs such as the studio", false, &cli::addServe},
    {"evaluate", "Compare a run's predictions with annotated labels, as ScanNet counts them", true, &cli::addEvaluate},
    {"weights", "List what a weight file holds and which network it fits", true, &cli::addWeights},
    {"features", "Write any layer's features of an image or a cloud as a numpy array", true, &cli::addFeatures},
    {"doctor", "Print versions, speed and devices of this machine, and what is wrong with them", true, &cli::addDoctor},
};

}  // namespace

int main(int argc, char** argv) { return cli::runProgram(argc, argv, kCommands); }
