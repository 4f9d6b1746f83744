import Digests
import MCSimCLRStudy
import Orchestration
import ResultsStore
import SoundData
import Studies
import Sweeps

extension StudyCatalogue {
    static let builtin = StudyCatalogue([BuiltinStudy()])
}

extension ResultsStore {
    /// As tables and reports read it.
    var read: StudyStore { StudyStore(self, .builtin) }
}

extension SweepSession {
    var dataSet: SoundDataSet {
        guard let sounds = prepared as? PreparedSounds else { preconditionFailure("other data") }
        return sounds.dataSet
    }
}

/// Stands in for data of which only the digest and the number of clips matter.
struct StandIn: PreparedStudy {
    let dataDigest: Digest
    let facts: [String: String] = [:]
    private let clips: [Split: Int]

    init(_ digest: Digest, clips: [Split: Int]) {
        dataDigest = digest
        self.clips = clips
    }

    func demands(of settings: [String: SettingValue]) -> [String: StageDemand] {
        PreparedSounds.demands(of: settings, clips: clips)
    }

    func executor(_ layout: ResultsLayout) -> any StageExecutor {
        preconditionFailure("nothing runs on what stands in")
    }
}
