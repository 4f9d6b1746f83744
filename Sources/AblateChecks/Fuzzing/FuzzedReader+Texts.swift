import Foundation
import MCSimCLRStudy
import Reports
import ResultsStore
import SoundData
import Studies
import Sweeps

extension FuzzedReader {
    static let texts: [FuzzedReader] = [
        FuzzedReader(
            name: "manifest", fileName: "input.csv", share: 1,
            seeds: { folder in
                for (index, name) in ["a", "b b", "c", "d", "e", "f"].enumerated() {
                    try SoundFile.write(
                        (0..<400).map { Float(($0 * (index + 3)) % 101) / 202 },
                        sampleRate: 16_000, to: folder.appending(path: "\(name).wav"))
                }
                return [
                    "path,label,split,group\na.wav,one,training,1\nb b.wav,one,test,2\n"
                        + "c.wav,one,validation,3\nd.wav,\"t,wo\",training,4\n"
                        + "e.wav,\"t,wo\",test,5\nf.wav,\"t,wo\",validation,6\n",
                    "label,path\r\none,a.wav\r\n\"one\",\"b b.wav\"\r\none,c.wav\r\n"
                        + "two,d.wav\r\ntwo,e.wav\r\ntwo,f.wav\r\n",
                ].map { Array($0.utf8) }
            },
            read: { file in
                _ = try SoundDataSet.load(DataSettings(source: "manifest", path: file.path))
            }),
        FuzzedReader(
            name: "sweep", fileName: "input.yaml", share: 1,
            seeds: { _ in sweeps.map { Array($0.utf8) } },
            read: { file in
                _ = try SweepFile.load(
                    path: file.path, overrides: [], schema: TrialSchema.schema
                ).expand()
            }),
        FuzzedReader(
            name: "paper", fileName: "input.tex", share: 1,
            seeds: { _ in
                [LaTeXTable().text(of: table), MarkdownTable().text(of: table)].map {
                    Array("Text.\n% ablate table fuzz\n\($0)% ablate end\n".utf8)
                }
            },
            read: { file in
                // As `ablate table --check` reads it; bytes that are no text are refused before.
                guard let text = try? String(contentsOf: file, encoding: .utf8) else { return }
                _ = TableCheck.check(text, against: table)
            }),
        FuzzedReader(
            name: "store", fileName: "input.sqlite", share: 0.1,
            seeds: { folder in
                let file = folder.appending(path: "seed.sqlite")
                let sweep = folder.appending(path: "seed.yaml")
                try Data(sweeps[0].utf8).write(to: sweep)
                let session = try SweepSession(
                    path: sweep.path, overrides: [], catalogue: catalogue)
                do {
                    _ = try ResultsStore(path: file.path).register(session.registration)
                }
                return [[UInt8](try Data(contentsOf: file))]
            },
            read: { file in
                let store = try ResultsStore(readingFrom: file.path)
                for trial in try store.trials(of: "fuzz") {
                    for stage in try store.stages(ofTrial: trial.digest) {
                        _ = try store.stage(stage)
                    }
                }
                _ = try SweepTable.make("fuzz", from: StudyStore(store, catalogue))
            }),
    ]

    private static let catalogue = StudyCatalogue([BuiltinStudy()])

    private static let sweeps = [
        """
        name: fuzz
        description: "Which \\u0068elps?"
        data: {source: builtin, clips: 40, classes: 4}
        base: &usual
          encoder: {channels: [8, 8, 8], recurrent_units: 8}
          batch_size: 16
        parameters:
          augmentations: {values: [[], [channel_swap], all]}
          temperature: [0.1, 0.5]
        seeds: [0, 1]
        evaluation: [raw, probe]
        baseline: {augmentations: []}
        paper: {"none, temperature 0.1": {probe_accuracy: 33.0}}
        """,
        """
        name: fuzz
        design:
        - leave_one_out
        - {kind: random, points: 4, seed: 1, parameters: {temperature: {min: 0.01, max: 1}}}
        - {kind: zip, parameters: {batch_size: [8, 16], mel_bands: [64, 80]}}
        - {kind: one_factor, parameters: {rt60: [0.2, [0.1, 0.5]], crop_lags: [true, false]}}
        baseline: {<<: {batch_size: 8}, augmentations: []}
        exclude: [{augmentations: [mixup], batch_size: 64}]
        base: {array: {positions: [[0.1, 0, 0], [0, 0.1, 0], [0, 0, 0.1]]}}
        scales: {small: {seeds: 2, base: {pretraining_steps: 10}}, full: {seeds: [0, 1, 2]}}
        scale: small
        """,
    ]

    private static let table: Table = {
        let metrics: [ComparisonInput.Metric] = [
            .init(
                key: "probe_accuracy", header: "accuracy", group: "Linear probe", unit: "%",
                better: .higher),
            .init(
                key: "probe_error", header: "error", group: "Linear probe", unit: "°",
                better: .lower),
        ]
        let configurations = ["none", "− Mixup", "50% <b>&_$"].enumerated().map { row, label in
            ComparisonInput.Configuration(
                label: label,
                trials: (0..<3).map { seed in
                    .init(
                        seed: seed, status: .finished,
                        metrics: [
                            "probe_accuracy": 50 + Double(row + 2 * seed),
                            "probe_error": 12.5 - Double(row),
                        ], digest: "d\(seed)", build: "b")
                }, isBaseline: row == 0)
        }
        return ComparisonTable.make(
            from: ComparisonInput(name: "fuzz", configurations: configurations, metrics: metrics))
    }()
}
