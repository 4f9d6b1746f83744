import Foundation
import NeuralNetwork
import Platform

/// The measured part of docs/performance.md.
struct ScalingReport {
    /// Markdown.
    private(set) var text = ""

    /// Measures; says by `progress` what it is at.
    ///
    /// - Parameter build: which program was measured.
    init(build: String, progress: (String) -> Void) throws {
        let processors = Processors.available
        text =
            "Measured by build \(build) on \(Self.processor), \(processors) processors. "
            + "Times are processor time of one thread, a step's the mean of two seconds; rates are by the clock on "
            + "the wall. A fit is a straight line, each time weighted by its relative error.\n\n"
        progress("training steps")
        try addSteps()
        progress("recordings")
        try addRecordings()
        progress("threads and workers")
        try addThreads(processors)
        progress("layers")
        try addLayers()
    }

    /// The part on threads and workers alone, as Markdown.
    static func threads() throws -> String {
        var report = ScalingReport()
        try report.addThreads(Processors.available)
        return "Measured on \(processor), \(Processors.available) processors.\n\n" + report.text
    }

    private init() {}

    private mutating func addSteps() throws {
        text +=
            "### A training step\n\nThe paper's encoder on two views of [10, 64, 64] an example, batches of 64, "
            + "where nothing else is said.\n\n"
        addSeries("batch size", "a step (ms)", try ScalingMeasure.batchSizes(), each: "an example")
        addSeries(
            "frames of a patch", "a step (ms)", try ScalingMeasure.frames(), each: "a frame")
        let microphones = try ScalingMeasure.microphones()
        addSeries(
            "input maps (microphones)", "a step (ms)", microphones.map(\.point), each: "a map",
            labels: microphones.map { "\(Int($0.point.size)) (\($0.microphones))" })
        let channels = try ScalingMeasure.channels()
        addSeries("channels of a block", "a step (ms)", channels, each: "a channel")
        // Between neighbours: 1 is linear, 2 quadratic.
        let exponents = zip(channels, channels.dropFirst()).map {
            log($1.seconds / $0.seconds) / log($1.size / $0.size)
        }
        text +=
            "Between neighbouring numbers of channels the time grows by their power of "
            + exponents.map { String(format: "%.2f", $0) }.joined(separator: ", ") + ".\n\n"
    }

    private mutating func addRecordings() throws {
        text +=
            "### Recordings\n\nBuilt-in sounds of 1.2 s in rooms of 0.1-0.5 s RT60, rendered and kept, and "
            + "the maps of all of them.\n\n"
        let counts = try ScalingMeasure.recordings()
        addSeries("recordings", "scenes (ms)", counts.map(\.scenes), each: "a recording")
        addSeries("recordings", "maps (ms)", counts.map(\.maps), each: "a recording")
        let microphones = [2, 3, 4, 6, 8]
        let costs = try microphones.map {
            try ScalingMeasure.recordings(microphones: $0, counts: [240])[0]
        }
        func points(_ costs: [ScalingMeasure.Point]) -> [ScalingMeasure.Point] {
            zip(microphones, costs).map { (Double($0), $1.seconds) }
        }
        addSeries(
            "microphones", "scenes of 240 (ms)", points(costs.map(\.scenes)), each: "a microphone")
        addSeries(
            "microphones", "maps of 240 (ms)", points(costs.map(\.maps)), each: "a microphone")
    }

    private mutating func addThreads(_ processors: Int) throws {
        text +=
            "### Threads and workers\n\nExamples a second, batches of 128. Threads share one training; workers are "
            + "trainings beside one another, a thread each.\n\n"
        var rows: [[String]] = []
        var first: (train: Double, embed: Double, workers: Double)?
        for count in ScalingMeasure.threadCounts(processors: processors) {
            let shared = try ScalingMeasure.threads(count)
            let workers = try ScalingMeasure.workers(count)
            let one = first ?? (shared.train, shared.embed, workers)
            first = one
            rows.append(
                ["\(count)"]
                    + [
                        (shared.train, one.train), (shared.embed, one.embed),
                        (workers, one.workers),
                    ].map { String(format: "%.0f (%.2fx)", $0, $0 / $1) })
        }
        table(
            ["threads or workers", "training", "embedding", "trainings beside one another"], rows)
    }

    private mutating func addLayers() throws {
        let layers = try Benchmark.layers()
        guard let peak = layers.first?.peak else { return }
        let total = layers.reduce(0) { $0 + $1.layer.seconds }
        text +=
            "### Layers\n\nA training step of batch 128 on one thread, "
            + String(
                format:
                    "%.0f ms; products and sums of the plain way against the %.0f GFLOP/s that this core "
                    + "reaches in registers (fast ways do fewer, so that the share may pass 100 %%).\n\n",
                1000 * total, peak)
        table(
            ["part", "ms", "share of the step", "GFLOP/s", "of the peak"],
            layers.map { layer, _ in
                [
                    layer.name, String(format: "%.1f", 1000 * layer.seconds),
                    String(format: "%.0f %%", 100 * layer.seconds / total),
                ]
                    + (layer.operations > 0
                        ? [
                            String(format: "%.0f", layer.gigaflops),
                            String(format: "%.0f %%", 100 * layer.gigaflops / peak),
                        ] : ["–", "–"])
            })
    }

    private mutating func addSeries(
        _ size: String, _ time: String, _ points: [ScalingMeasure.Point], each: String,
        labels: [String]? = nil
    ) {
        let fit = LineFit(points.map { ($0.size, 1000 * $0.seconds) })
        table(
            [size, time, each + " (ms)", "from the line"],
            points.indices.map { index in
                let (size, seconds) = points[index]
                return [
                    labels?[index] ?? "\(Int(size))", Self.number(1000 * seconds),
                    Self.number(1000 * seconds / size),
                    String(format: "%+.1f %%", 100 * fit.deviations[index]),
                ]
            })
        let worst = fit.deviations.map(abs).max()!
        text +=
            "Fit: \(Self.number(fit.intercept)) ms + \(Self.number(fit.slope)) ms \(each), within "
            + String(format: "%.1f %%", 100 * worst)
            + (worst > LineFit.tolerance ? ": no straight line.\n\n" : ".\n\n")
    }

    private mutating func table(_ header: [String], _ rows: [[String]]) {
        let lines = [header, header.indices.map { $0 == 0 ? "---" : "---:" }] + rows
        text += lines.map { "| " + $0.joined(separator: " | ") + " |\n" }.joined() + "\n"
    }

    private static func number(_ value: Double) -> String {
        String(format: abs(value) >= 100 ? "%.0f" : abs(value) >= 1 ? "%.2f" : "%.3f", value)
    }

    private static var processor: String {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":").last.map {
            $0.trimmingCharacters(in: .whitespaces)
        } ?? "an unknown processor"
    }
}
