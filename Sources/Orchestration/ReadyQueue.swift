/// The stages that could start now: those of the first place first (all are in one where there are
/// no places), within it the longest chain of work, and among equals the first of the plan. One heap
/// for each different memory need, so that finding the best that fits takes a look at a few heaps'
/// tops.
struct ReadyQueue: Sendable {
    private struct Lane: Sendable {
        let memory: Int
        var heap: [Int] = []
    }

    private var lanes: [Lane] = []
    private let places: [Int32]?
    private let ranks: [Double]
    private var isReady: [Bool]
    private(set) var count = 0

    init(places: [Int32]? = nil, ranks: [Double]) {
        self.places = places
        self.ranks = ranks
        isReady = Array(repeating: false, count: ranks.count)
    }

    mutating func insert(_ stage: Int, memory: Int) {
        guard !isReady[stage] else { return }
        isReady[stage] = true
        count += 1
        let known = lanes.firstIndex { $0.memory == memory }
        if known == nil { lanes.append(Lane(memory: memory)) }
        let lane = known ?? lanes.count - 1
        lanes[lane].heap.append(stage)
        siftUp(lane)
    }

    /// Takes a stage out; its entry in the heap is dropped when it comes to the top.
    mutating func remove(_ stage: Int) {
        guard isReady[stage] else { return }
        isReady[stage] = false
        count -= 1
    }

    func contains(_ stage: Int) -> Bool { isReady[stage] }

    /// The best stage that needs at most `memory` bytes (nil: any); it stays in the queue.
    mutating func best(within memory: Int?) -> Int? {
        var best: Int?
        for lane in lanes.indices where memory.map({ lanes[lane].memory <= $0 }) ?? true {
            while let top = lanes[lane].heap.first, !isReady[top] { removeTop(lane) }
            guard let top = lanes[lane].heap.first else { continue }
            if best.map({ isBefore(top, $0) }) ?? true { best = top }
        }
        return best
    }

    private func isBefore(_ left: Int, _ right: Int) -> Bool {
        if let places, places[left] != places[right] { return places[left] < places[right] }
        return ranks[left] != ranks[right] ? ranks[left] > ranks[right] : left < right
    }

    private mutating func siftUp(_ lane: Int) {
        var place = lanes[lane].heap.count - 1
        while place > 0 {
            let parent = (place - 1) / 2
            guard isBefore(lanes[lane].heap[place], lanes[lane].heap[parent]) else { return }
            lanes[lane].heap.swapAt(place, parent)
            place = parent
        }
    }

    private mutating func removeTop(_ lane: Int) {
        let last = lanes[lane].heap.count - 1
        lanes[lane].heap.swapAt(0, last)
        lanes[lane].heap.removeLast()
        var place = 0
        while true {
            var first = place
            for child in [2 * place + 1, 2 * place + 2]
            where child < last && isBefore(lanes[lane].heap[child], lanes[lane].heap[first]) {
                first = child
            }
            guard first != place else { return }
            lanes[lane].heap.swapAt(place, first)
            place = first
        }
    }
}
