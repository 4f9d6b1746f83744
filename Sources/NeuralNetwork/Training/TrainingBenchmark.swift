internal import Foundation
public import Platform
internal import Randomness
internal import Synchronization

/// How fast a network trains and embeds on this machine, on random maps that stay in memory: what a
/// step costs without features and augmentations.
///
/// One example is two views. Reads the clock, unlike everything else in this module.
public final class TrainingBenchmark {
    /// What a run of some seconds showed.
    public struct Rate: Sendable, Codable, Hashable {
        /// By the clock on the wall.
        public let examplesPerSecond: Double
        /// By the processor time of the thread: what the first would be with nothing else running.
        public let examplesPerProcessorSecond: Double
        public let steps: Int
        /// The loss of the last step; NaN when embedding.
        public let loss: Double
    }

    /// The time of one part of a step.
    public struct LayerTime: Sendable, Codable, Hashable {
        /// Such as `blocks.0 forward`.
        public let name: String
        /// Processor seconds a step.
        public let seconds: Double
        /// Additions and multiplications of the plain way, a step: fast ways do fewer, so that the
        /// share of the peak may pass 1.
        public let operations: Double
        /// Units: 10^9 operations a second.
        public var gigaflops: Double { seconds > 0 ? operations / seconds / 1e9 : 0 }
    }

    public let configuration: CRNNConfiguration
    public let batchSize: Int
    private let network: CRNN
    private let team: ThreadTeam
    private let head: ProjectionHead
    private let loss = NTXentLoss(temperature: 0.1)
    private let optimiser: Adam
    /// Two batches in turn, so that no cache holds the input.
    private let batches: [Tensor]
    private let projection: [Int]

    /// - Parameters:
    ///   - usesPlainKernels: whether the convolutions take the plain way, for comparison.
    ///   - team: the threads that share each step.
    /// - Throws: ``NeuralNetworkError`` for sizes that cannot be.
    public init(
        _ configuration: CRNNConfiguration, batchSize: Int, projection: [Int] = [256, 128],
        seed: UInt64 = 0, usesPlainKernels: Bool = false, team: ThreadTeam = ThreadTeam()
    ) throws {
        self.configuration = configuration
        self.batchSize = batchSize
        self.projection = projection
        self.team = team
        var stream = Stream(seed, "benchmark")
        network = try CRNN(configuration, initialisation: &stream)
        network.usesReferenceKernels = usesPlainKernels
        head = ProjectionHead(
            inputFeatures: configuration.embeddingSize, hiddenFeatures: projection[0],
            outputFeatures: projection[1], initialisation: &stream)
        optimiser = Adam(network.parameters + head.parameters, AdamConfiguration())
        network.team = team
        head.team = team
        loss.team = team
        optimiser.team = team
        batches = (0..<2).map { _ in
            let batch = Tensor([
                2 * batchSize, configuration.inputChannels, configuration.frames,
                configuration.bins,
            ])
            batch.withUnsafeMutableBuffer { buffer in
                // Sums of four bytes: nearly normal, unit variance, and quick to draw.
                for index in buffer.indices {
                    let bits = UInt32(truncatingIfNeeded: stream.next())
                    let sum = (bits & 0xFF) + (bits >> 8 & 0xFF) + (bits >> 16 & 0xFF) + bits >> 24
                    buffer[index] = (Float(sum) - 510) / 147.8
                }
            }
            return batch
        }
    }

    /// Steps of training for about so many seconds, after two that are not counted.
    ///
    /// - Parameter isCancelled: asked after every step; true ends the measurement, whose rate then
    ///   means nothing.
    public func train(
        seconds: Double, isCancelled: @escaping @Sendable () -> Bool = { false }
    ) -> Rate {
        measure(seconds: seconds, isCancelled) { step(batches[$0 & 1]) }
    }

    /// Embedding alone, in evaluation mode, as evaluations do it: some views at a time, each by one thread.
    public func embed(seconds: Double) -> Rate {
        let pieces = batches.map(Self.pieces)
        let twins = ThreadLanes { [network] in network.evaluationTwin() }
        return measure(seconds: seconds) {
            let batch = pieces[$0 & 1]
            team.perform(batch.count, twins) { piece, network in
                _ = network(batch[piece], mode: .evaluation)
            }
            return .nan
        }
    }

    private static func pieces(_ batch: Tensor) -> [Tensor] {
        let views = 32
        let size = batch.shape.dropFirst().reduce(1, *)
        return stride(from: 0, to: batch.shape[0], by: views).map { first in
            let piece = Tensor([min(views, batch.shape[0] - first)] + batch.shape.dropFirst())
            for index in 0..<piece.count { piece[index] = batch[first * size + index] }
            return piece
        }
    }

    /// The parts of a step, mean over `steps` steps after two that are not counted.
    public func layers(steps: Int) -> [LayerTime] {
        for index in 0..<2 { _ = step(batches[index]) }
        var times: [String: Double] = [:]
        var order: [String] = []
        var last = processorTime()
        func note(_ name: String) {
            let now = processorTime()
            if times[name] == nil { order.append(name) }
            times[name, default: 0] += now - last
            last = processorTime()
        }
        network.observer = note
        for index in 0..<steps {
            last = processorTime()
            _ = step(batches[index & 1], observer: note)
        }
        network.observer = nil
        let operations = nominalOperations()
        return order.map {
            LayerTime(
                name: $0, seconds: times[$0]! / Double(steps), operations: operations[$0] ?? 0)
        }
    }

    /// Several benchmarks at once, one thread each: the sum of their rates.
    ///
    /// Throws: ``NeuralNetworkError`` for sizes that cannot be.
    public static func train(
        workers: Int, _ configuration: CRNNConfiguration, batchSize: Int, seconds: Double
    ) throws -> Double {
        try configuration.validate()
        let total = Mutex(0.0)
        Parallel.perform(iterations: workers, threads: workers) { worker in
            guard
                let benchmark = try? TrainingBenchmark(
                    configuration, batchSize: batchSize, seed: UInt64(worker))
            else { return }
            let rate = benchmark.train(seconds: seconds).examplesPerSecond
            total.withLock { $0 += rate }
        }
        return total.withLock { $0 }
    }

    /// Additions and multiplications a second of this core, by independent products and sums in
    /// registers. Units: 10^9 a second.
    public static func fusedMultiplyAddPeak() -> Double {
        var best = 0.0
        for _ in 0..<5 {
            let start = processorTime()
            let operations = spinMultiplyAdd(rounds: 1_000_000)
            best = max(best, operations / (processorTime() - start) / 1e9)
        }
        return best
    }

    private func step(_ batch: Tensor, observer: ((String) -> Void)? = nil) -> Double {
        let embedding = network(batch, mode: .training)
        let value = loss(head(embedding))
        let gradient = head.backward(loss.gradient)
        observer?("head and loss")
        network.backward(gradient)
        optimiser.step(learningRate: 1e-3)
        optimiser.zeroGradients()
        observer?("optimiser")
        return value
    }

    private func measure(
        seconds: Double, _ isCancelled: () -> Bool = { false }, _ body: (Int) -> Double
    ) -> Rate {
        for index in 0..<2 where !isCancelled() { _ = body(index) }
        let (wall, processor) = (wallTime(), processorTime())
        var steps = 0
        var last = Double.nan
        while !isCancelled(), steps < 2 || wallTime() - wall < seconds {
            last = body(steps)
            steps += 1
        }
        let examples = Double(steps * batchSize)
        return Rate(
            examplesPerSecond: examples / (wallTime() - wall),
            examplesPerProcessorSecond: examples / (processorTime() - processor), steps: steps,
            loss: last)
    }

    /// By the names of the observed parts.
    private func nominalOperations() -> [String: Double] {
        let examples = Double(2 * batchSize)
        var result: [String: Double] = [:]
        var (height, width) = (configuration.frames, configuration.bins)
        var inputs = configuration.inputChannels
        let area = configuration.kernelSize * configuration.kernelSize
        for (index, outputs) in configuration.channels.enumerated() {
            let product = 2 * examples * Double(height * width * area * inputs * outputs)
            result["blocks.\(index) forward"] = product
            result["blocks.\(index) backward"] = index == 0 ? product : 2 * product
            height /= configuration.pools[index][0]
            width /= configuration.pools[index][1]
            inputs = outputs
        }
        let units = Double(configuration.recurrentUnits)
        let recurrent = 2 * examples * Double(height) * 6 * units * (Double(inputs * width) + units)
        result["gru forward"] = recurrent
        result["gru backward"] = 2 * recurrent
        let layers = Double(
            configuration.embeddingSize * projection[0] + projection[0] * projection[1])
        result["head and loss"] =
            6 * examples * layers + 4 * examples * examples * Double(projection[1])
        return result
    }
}

private func time(_ clock: clockid_t) -> Double {
    var value = timespec()
    clock_gettime(clock, &value)
    return Double(value.tv_sec) + 1e-9 * Double(value.tv_nsec)
}

private func wallTime() -> Double { time(CLOCK_MONOTONIC) }
private func processorTime() -> Double { time(CLOCK_THREAD_CPUTIME_ID) }
