import Digests

extension SoundDataSet {
    /// The same without the clips of the test split: what may be known before anything is judged. Its
    /// digest names the other clips alone, so that it stays whatever becomes of those.
    public var withoutTest: SoundDataSet {
        var set = self
        set.clips = clips.filter { $0.split != .test }
        set.leftOut = leftOut.filter { $0.split != .test }
        set.remarks = []
        var hasher = DigestHasher()
        hasher.update("sound data set without test 1 \(isSpatial)\n")
        for name in classes { hasher.update("\(name.utf8.count):\(name)\n") }
        for clip in set.clips {
            hasher.update(clip.content)
            hasher.update("\(clip.label)\n")
            for field in [clip.identifier, clip.split.rawValue, clip.group] {
                hasher.update("\(field.utf8.count):\(field)\n")
            }
        }
        set.digest = hasher.finalize()
        return set
    }
}
