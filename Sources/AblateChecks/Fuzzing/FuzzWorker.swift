import AblateCommands
import AudioFeatures
import Foundation
import MCSimCLR
import MCSimCLRStudy
import NeuralNetwork
import Orchestration
import Randomness
import ResultsStore
import RoomFiles
import SoundData
import Studies
import Sweeps

/// Feeds one reader with its inputs, one after the other, and notes in a file which one is being
/// read: whatever ends the process then has a number.
struct FuzzWorker {
    let reader: FuzzedReader
    let seed: UInt64
    let folder: URL

    struct Outcome: Codable {
        var read = 0
        var refused = 0
        /// Inputs whose error is none of ours, or whose content is impossible.
        var faults: [Int: String] = [:]
    }

    /// The input of a number: the same on every machine.
    static func input(
        _ index: Int, of reader: FuzzedReader, seed: UInt64, seeds: [[UInt8]]
    ) -> [UInt8] {
        var stream = Randomness.Stream(seed, "fuzz \(reader.name)", index)
        let bytes = seeds[stream.index(below: seeds.count)]
        let donor = seeds[stream.index(below: seeds.count)]
        let isSealed = stream.bernoulli(0.7)
        var mutator = Mutator(stream)
        let mutated = mutator.mutate(bytes, donor: donor)
        return isSealed ? reader.seal(mutated) : mutated
    }

    func run(_ indices: Range<Int>) throws -> Outcome {
        let seeds = try reader.seeds(folder)
        let file = folder.appending(path: reader.fileName)
        // A seed that is refused would have its reader tried on nothing.
        for seed in seeds {
            try Data(seed).write(to: file)
            try reader.read(file)
        }
        let progress = open(
            folder.appending(path: "progress").path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        defer { close(progress) }
        var outcome = Outcome()
        for index in indices {
            var number = Int64(index)
            _ = pwrite(progress, &number, 8, 0)
            try Data(Self.input(index, of: reader, seed: seed, seeds: seeds)).write(to: file)
            do {
                try reader.read(file)
                outcome.read += 1
            } catch {
                outcome.refused += 1
                if !Self.isOurs(error) { outcome.faults[index] = "\(type(of: error)): \(error)" }
            }
        }
        return outcome
    }

    private static func isOurs(_ error: any Error) -> Bool {
        switch error {
        case is SoundDataError, is AudioFeaturesError, is NeuralNetworkError, is MCSimCLRError,
            is SweepFaults, is StoreError, is StudiesError, is CommandError, is RoomFileFault,
            is RoomFileError, is RoomResponsesError:
            true
        default: false
        }
    }
}
