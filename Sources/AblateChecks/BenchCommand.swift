import AblateCommands
import ArgumentParser
import Foundation
import NeuralNetwork
import Reports

/// `ablate-checks bench`: for `make bench` and `make bench-peers`.
struct BenchCommand: ParsableCommand, WorkingCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure this build on this machine.",
        discussion: """
            EXAMPLE
              ablate-checks bench
              ablate-checks bench train_1t_b128 features_16k --json results/bench.json
            """)

    @Argument(
        help:
            "One of: \(Benchmark.allCases.map(\.rawValue).joined(separator: ", ")) (default: all).")
    var names: [String] = []

    @Option(help: "Write the figures to this file as a list of {name, value, unit, peer, ratio}.")
    var json: String?

    @Flag(help: "Show the parts of a training step too.")
    var layers = false

    @Option(help: .private)
    var memoryOfBatch: Int?

    func validate() throws {
        try OptionRange.check("--memory-of-batch", memoryOfBatch, 2...65_536)
    }

    func run() throws {
        if let memoryOfBatch {
            Console.write("\(try Benchmark.peakMemory(batchSize: memoryOfBatch))\n")
            return
        }
        let chosen = try names.isEmpty ? Benchmark.allCases : names.map(Self.benchmark)
        var results: [Benchmark.Result] = []
        for benchmark in chosen {
            let result = try benchmark.run()
            results.append(result)
            let value = String(format: "%12.4g", result.value)
            Console.write("\(result.name.padding(toLength: 18))\(value)  \(result.unit)\n")
        }
        if layers { try showLayers() }
        if let json { try Self.write(results, to: URL(fileURLWithPath: json)) }
    }

    private static func benchmark(_ name: String) throws -> Benchmark {
        guard let benchmark = Benchmark(rawValue: name) else {
            throw ValidationError(
                "there is no benchmark '\(name)'; there are "
                    + Benchmark.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return benchmark
    }

    private func showLayers() throws {
        let rows = try Benchmark.layers()
        guard let peak = rows.first?.peak else { return }
        Console.write(
            "\nA training step of batch 128, one thread; FMA peak of this core "
                + String(format: "%.0f GFLOP/s\n", peak))
        for (layer, _) in rows {
            let share = layer.operations > 0 ? 100 * layer.gigaflops / peak : 0
            Console.write(
                layer.name.padding(toLength: 26)
                    + String(
                        format: "%8.2f ms %8.1f GFLOP/s %6.0f %% of peak\n", layer.seconds * 1000,
                        layer.gigaflops, share))
        }
    }

    private static func write(_ results: [Benchmark.Result], to url: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try encoder.encode(results).write(to: url, options: .atomic)
    }
}
