import Foundation
import MCSimCLR
import NeuralNetwork
import SoundData
import Testing

/// Four classes of six clips to train on, three recordings each, and two to validate.
@Suite("How many clips have labels")
struct LabelledClipsTests {
    private let bank = SmallBank.bank
    private let grid = EvaluationGrid(patchFrames: 32)

    /// As the program does at its start: on several threads OpenBLAS may sum in another order each time.
    init() { NumericBackend.prepare() }

    private func splits(_ labels: LabelledClips, seed: UInt64 = 1) throws -> EvaluationSplits {
        let maps = try SmallBank.maps(isKept: true)
        return try EvaluationSplits(
            EvaluationMaps(
                training: maps, test: FeatureMaps(bank: bank, like: maps, byteLimit: .max)),
            labels: labels, seed: seed)
    }

    private func clips(_ recordings: [Int], label: Int? = nil) -> Set<Int> {
        Set(
            recordings.map { bank.recordings[$0] }.filter { label == nil || $0.label == label }
                .map(\.clip))
    }

    @Test("a share is that share of each class's clips, with all their recordings")
    func share() throws {
        let all = bank.indices(for: .training)
        for fraction in [0.3, 0.5] {
            let training = try splits(LabelledClips(fraction: fraction)).training
            for label in 0..<4 {
                let count = Double(clips(all, label: label).count)
                #expect(clips(training, label: label).count == Int((count * fraction).rounded()))
            }
            #expect(training == all.filter { clips(training).contains(bank.recordings[$0].clip) })
        }
    }

    @Test("so many clips of each class are so many; of a class that has fewer, all")
    func perClass() throws {
        for count in [1, 2, 4, 100] {
            let training = try splits(LabelledClips(perClass: count)).training
            for label in 0..<4 {
                let all = clips(bank.indices(for: .training), label: label).count
                #expect(clips(training, label: label).count == min(count, all))
            }
        }
        // Where both are said, the fewer.
        let both = try splits(LabelledClips(fraction: 0.5, perClass: 2)).training
        #expect(both == (try splits(LabelledClips(perClass: 2)).training))
    }

    @Test("fewer labels are part of more, in both splits; each class keeps a clip")
    func nested() throws {
        let amounts =
            [1, 2, 4].map { LabelledClips(perClass: $0) }
            + [0.01, 0.4, 0.7, 1].map { LabelledClips(fraction: $0) }
        let found = try amounts.map { try splits($0) }
            .sorted {
                ($0.training.count, $0.validation.count) < ($1.training.count, $1.validation.count)
            }
        for (less, more) in zip(found, found.dropFirst()) {
            #expect(Set(less.training).isSubset(of: more.training))
            #expect(Set(less.validation).isSubset(of: more.validation))
        }
        for splits in found {
            for label in 0..<4 {
                #expect(!clips(splits.training, label: label).isEmpty)
                #expect(!clips(splits.validation, label: label).isEmpty)
            }
        }
        #expect(found.last?.training == bank.indices(for: .training))
        #expect(found.last?.validation == bank.indices(for: .validation))
    }

    @Test("the validation split keeps as large a share, what is judged stays whole")
    func validation() throws {
        let all = bank.indices(for: .validation)
        let half = try splits(LabelledClips(fraction: 0.5))
        for label in 0..<4 {
            let count = Double(clips(all, label: label).count)
            #expect(clips(half.validation, label: label).count == Int((count / 2).rounded()))
        }
        #expect(half.test == bank.indices(for: .test))
        let tuned = try EvaluationSplits(
            EvaluationMaps(training: SmallBank.maps(isKept: true)),
            labels: LabelledClips(perClass: 1), seed: 1)
        #expect(tuned.test == all && tuned.validation.count < all.count)
    }

    @Test("another seed draws other clips")
    func seeds() throws {
        let labels = LabelledClips(perClass: 2)
        let (one, other) = (try splits(labels), try splits(labels, seed: 2))
        #expect(one.training != other.training && one.training.count == other.training.count)
    }

    @Test("probes learn from these clips alone")
    func probes() throws {
        let maps = try EvaluationMaps(
            training: SmallBank.maps(isKept: true),
            test: FeatureMaps(bank: bank, like: SmallBank.maps(isKept: true), byteLimit: .max))
        var configuration = CRNNConfiguration(inputChannels: 10, frames: 32, bins: 32)
        configuration.channels = [4, 4, 4]
        configuration.recurrentUnits = 4
        let encoder = try makeEncoder(configuration, seed: 1)
        let few = LabelledClips(perClass: 1)
        let banks = EvaluationBanks(training: bank, test: bank, features: SmallBank.settings)
        // Of each recording in the bank, once as learnt from and once as tested on.
        let embeddings = Matrix(
            rows: 2 * bank.recordings.count, columns: 2,
            values: (bank.recordings + bank.recordings).flatMap {
                [cos($0.azimuth), Double($0.clip % 7)]
            })
        func probe(_ labels: LabelledClips, _ seed: UInt64) throws -> [TrackHeads?] {
            [
                try linearProbe(encoder, maps: maps, grid: grid, labels: labels, seed: seed).heads,
                try rawProbe(maps, grid: grid, labels: labels, seed: seed).heads,
                try meanProbe(banks, grid: grid, labels: labels, seed: seed).heads,
                try embeddingProbe(embeddings, banks: banks, labels: labels, seed: seed).heads,
            ]
        }
        let (all, one, other) = (try probe(.all, 1), try probe(few, 1), try probe(few, 2))
        for kind in 0..<4 {
            #expect(all[kind]?.tracks != one[kind]?.tracks)
            #expect(one[kind]?.tracks != other[kind]?.tracks)
        }
        // The seed decides nothing but the clips.
        #expect(all.map { $0?.tracks } == (try probe(.all, 2)).map { $0?.tracks })
    }
}
