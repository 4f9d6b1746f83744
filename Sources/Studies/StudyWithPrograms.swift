/// A study whose stages start programs, which may outlive a run that is killed.
public protocol StudyWithPrograms: Study {
    /// Ends programs that go on in a folder of results although their run is gone; returns how many processes that
    /// were. Those of runs that go on are left alone.
    func endSurvivors(in layout: ResultsLayout) -> Int
}

extension StudyCatalogue {
    /// Ends what killed runs have left at work in a folder of results, whatever study it was of; returns how many
    /// processes that were.
    public func endSurvivors(in layout: ResultsLayout) -> Int {
        studies.compactMap { $0 as? any StudyWithPrograms }
            .reduce(0) { $0 + $1.endSurvivors(in: layout) }
    }
}
