/// Independent products and sums in registers; the result is how many operations were done.
func spinMultiplyAdd(rounds: Int) -> Double {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 256) { memory in
        memory.initialize(repeating: 0.5)
        let start = memory.baseAddress!
        let group = FourVectors(UnsafePointer(start))
        var a = FourVectors()
        var b = FourVectors()
        var c = FourVectors()
        var d = FourVectors()
        var factor = start[0]
        for _ in 0..<rounds {
            a.add(factor, group)
            b.add(factor, group)
            c.add(factor, group)
            d.add(factor, group)
            a.add(factor, group)
            b.add(factor, group)
            c.add(factor, group)
            d.add(factor, group)
            factor = -factor
        }
        a.store(start)
        b.store(start + 64)
        c.store(start + 128)
        d.store(start + 192)
        // Two operations a lane, 16 lanes a vector, 4 vectors a group, 8 groups a round.
        return memory.allSatisfy(\.isFinite) ? Double(rounds) * 2 * 16 * 4 * 8 : 0
    }
}
