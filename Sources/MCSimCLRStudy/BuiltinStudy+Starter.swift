import Foundation
import MCSimCLR
import SoundData
public import Studies
import Sweeps

extension BuiltinStudy: StudyWithStarter {
    public func starters(for wish: StarterWish) throws -> [StarterFile] {
        let keys = wish.vary.isEmpty ? ["augmentations"] : wish.vary
        let settings = try keys.map { key -> SettingDescriptor in
            guard let setting = schema.trial.first(where: { $0.key == key }) else {
                throw BuiltinStudyError.cannotVary(
                    key, known: schema.trial.map(\.key), advice: schema.advice(on: key))
            }
            guard Self.values(of: setting).count > 1 else {
                throw BuiltinStudyError.cannotVary(key, known: [], advice: nil)
            }
            return setting
        }
        let data = wish.data.map(Self.data)
        let batch = try data.map(Self.largestBatch)
        return Self.efforts.map { effort in
            StarterFile(Self.text(wish.name, settings, data, effort, batch: batch))
        }
    }

    /// How much is computed.
    private struct Effort {
        var seeds: Int
        var steps: Int
        /// Of the built-in sounds.
        var clips: Int
    }

    private static let efforts = [
        Effort(seeds: 10, steps: 1000, clips: 600), Effort(seeds: 5, steps: 600, clips: 600),
        Effort(seeds: 5, steps: 300, clips: 600), Effort(seeds: 3, steps: 300, clips: 600),
        Effort(seeds: 3, steps: 150, clips: 400), Effort(seeds: 3, steps: 60, clips: 200),
        Effort(seeds: 2, steps: 30, clips: 200),
    ]

    /// Of a path what it is: a manifest, a folder in the layout of a published data set, or any folder.
    private static func data(_ path: String) -> [String: String] {
        func has(_ name: String) -> Bool {
            FileManager.default.fileExists(
                atPath: URL(fileURLWithPath: path).appending(path: name).path)
        }
        if has("manifest.csv") {
            let file = path.hasSuffix("/") ? path + "manifest.csv" : path + "/manifest.csv"
            return ["source": "manifest", "path": file]
        }
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        if exists, !isFolder.boolValue { return ["source": "manifest", "path": path] }
        let layouts = [
            ("meta/esc50.csv", "esc50"), ("FSDnoisy18k.audio_train", "fsdnoisy18k"),
            ("metadata_dev/dev-train-tau", "starss23"), ("metadata_dev", "tau2019"),
        ]
        let known = layouts.first { has($0.0) }?.1
        return ["source": known ?? "folder", "path": path]
    }

    /// The largest power of two of recordings that the data have for a batch: each of its recordings
    /// is another.
    private static func largestBatch(_ data: [String: String]) throws -> Int {
        let settings = DataSettings(source: data["source"] ?? "", path: data["path"])
        let dataSet = try SoundDataSet.load(settings)
        let bank = TrialSettings(TrialSchema.schema.completeTrial([:])).bank
        let rooms = dataSet.isSpatial ? 1 : bank.spatialisations.pretraining
        let recordings = max(2, dataSet.clips(for: .pretraining).count * rooms)
        return 1 << (Int.bitWidth - 1 - recordings.leadingZeroBitCount)
    }

    /// What a setting is swept over, its default first.
    private static func values(
        of setting: SettingDescriptor, batch: Int? = nil
    ) -> [SettingValue] {
        if setting.key == batchKey, let batch {
            let values = ExampleValues.of(setting).filter { ($0.number ?? 0) <= Double(batch) }
            return values.count > 1 ? values : [.integer(batch), .integer(max(2, batch / 2))]
        }
        guard case .subset(let options, let later) = setting.kind else {
            return ExampleValues.of(setting)
        }
        let own = options.filter { !later.contains($0) }.map { SettingValue.text($0) }
        return [.list([])] + own.map { .list([$0]) } + [.list(own)]
    }

    private static let batchKey = "batch_size"

    private static func text(
        _ name: String, _ settings: [SettingDescriptor], _ data: [String: String]?,
        _ effort: Effort, batch: Int?
    ) -> String {
        let standard = TrialSettings(TrialSchema.schema.completeTrial([:]))
            .pretraining.optimisation.batchSize
        var base = ""
        if let batch, batch < standard, !settings.contains(where: { $0.key == batchKey }) {
            let given = "\(batchKey): \(batch)".padding(toLength: 26, withPad: " ", startingAt: 0)
            base = "\n  \(given)# as many as the recordings allow; the default is \(standard)"
        }
        let keys = settings.map(\.key).joined(separator: " and ")
        let source =
            data.map { data in
                "{source: \(data["source"] ?? ""), path: "
                    + "\(SettingValue.text(data["path"] ?? "").canonicalJSON)}"
            } ?? "{source: builtin, clips: \(effort.clips)}"
        let parameters = settings.map { setting in
            let values = values(of: setting, batch: batch).map(\.canonicalJSON).joined(
                separator: ", ")
            return
                "  # \(setting.summary); \(setting.rule)\n  \(setting.key): {values: [\(values)]}"
        }.joined(separator: "\n")
        let baseline = settings.map {
            "\($0.key): \(values(of: $0, batch: batch)[0].canonicalJSON)"
        }.joined(separator: ", ")
        let seeds = (0..<effort.seeds).map(String.init).joined(separator: ", ")
        return """
            # What does \(keys) change? All that may stand here: sweeps/FORMAT.md.
            # 'ablate plan' checks this file and says how long it takes, 'ablate run' runs it.
            name: \(name)
            description: "What does \(keys) change?"

            # Where the sounds come from: builtin, or with a path folder, manifest, fsdnoisy18k, esc50, tau2019,
            # starss23.
            data: \(source)

            # What all rows have in common. 'ablate settings' lists every setting, 'ablate settings KEY' explains one.
            base:
              encoder: small            # paper: the published one, which takes far longer
              feature_pooling: 2        # 1: every frame and bin
              pretraining_steps: \(effort.steps)\(base)

            # What varies: every combination becomes a row. Other designs (leave one out, one factor, ...) and values
            # that exclude each other: 'design' and 'exclude'.
            parameters:
            \(parameters)

            # Each row with each of these, so that differences are paired. More seeds, narrower intervals.
            seeds: [\(seeds)]

            # A linear probe of each encoder (probe), beside what needs no training: features alone (raw), and an encoder that
            # has learnt nothing (random). finetune and scratch take longer.
            evaluation: [raw, random, probe]

            # What the others are compared with.
            baseline: {\(baseline)}

            # The smallest difference that matters, in points and degrees: without it no effect is ever found to be absent.
            # smallest_effect: {accuracy: 2, error: 2}

            """
    }
}
