import ArgumentParser

@main
struct Ablate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ablate", abstract: "Ablation studies of spatial sound representations.")
}
