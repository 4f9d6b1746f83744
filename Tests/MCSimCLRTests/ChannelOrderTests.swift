import MCSimCLR
import Testing

@Suite("Channel order")
struct ChannelOrderTests {
    @Test("the identity changes nothing")
    func identity() {
        let order = ChannelOrder(microphones: [0, 1, 2, 3])
        #expect(order.source == Array(0..<10))
        #expect(!order.isReversed.contains(true))
    }

    @Test(
        "a quarter turn of four microphones moves mel and pair channels and reverses wrapped pairs")
    func quarterTurn() {
        // Pairs: 4 (0,1), 5 (0,2), 6 (0,3), 7 (1,2), 8 (1,3), 9 (2,3).
        let order = ChannelOrder(microphones: [1, 2, 3, 0])
        #expect(order.source == [1, 2, 3, 0, 7, 8, 4, 9, 5, 6])
        #expect(
            order.isReversed == [
                false, false, false, false, false, false, true, false, true, true,
            ])
    }

    @Test("swapping two microphones only reverses their pair")
    func twoMicrophones() {
        let order = ChannelOrder(microphones: [1, 0])
        #expect(order.source == [1, 0, 2])
        #expect(order.isReversed == [false, false, true])
    }

    @Test("an order and its inverse restore every channel", arguments: [3, 4, 6, 8])
    func inverse(count: Int) {
        let forward = (0..<count).map { ($0 * (count - 1) + 1) % count }
        var backward = [Int](repeating: 0, count: count)
        for (place, microphone) in forward.enumerated() { backward[microphone] = place }
        let there = ChannelOrder(microphones: forward)
        let back = ChannelOrder(microphones: backward)
        for channel in there.source.indices {
            let origin = there.source[back.source[channel]]
            #expect(origin == channel)
            #expect(back.isReversed[channel] == there.isReversed[back.source[channel]])
        }
    }
}
