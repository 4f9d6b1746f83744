public import Platform
public import Randomness

/// The encoder: convolution blocks, then a recurrent layer over time in both directions, then the
/// mean over time.
///
/// Shape: [n, inputChannels, frames, bins] -> [n, 2 recurrentUnits]. One thread uses it at a time, with those of its ``team``.
public final class CRNN {
    public let configuration: CRNNConfiguration
    let blocks: [ConvolutionBlock]
    private let recurrent: BidirectionalGRU
    private let input: ActivationMap
    private let sequenceGradient: ActivationMap
    private static let evaluatedAtOnce = 16

    /// Weights are drawn from the stream, in the order of ``parameters``.
    ///
    /// Throws: ``NeuralNetworkError`` for sizes that cannot be.
    public init(
        _ configuration: CRNNConfiguration, initialisation stream: inout Stream
    ) throws {
        try configuration.validate()
        self.configuration = configuration
        let reach = configuration.kernelSize / 2
        var blocks: [ConvolutionBlock] = []
        for (index, channels) in configuration.channels.enumerated() {
            let isLast = index == configuration.channels.count - 1
            blocks.append(
                ConvolutionBlock(
                    inputChannels: index == 0
                        ? configuration.inputChannels : configuration.channels[index - 1],
                    outputChannels: channels, kernelSize: configuration.kernelSize,
                    pool: configuration.pools[index], outputBorder: isLast ? 0 : reach,
                    isFirst: index == 0,
                    name: "blocks.\(index)", initialisation: &stream))
        }
        self.blocks = blocks
        recurrent = BidirectionalGRU(
            inputs: configuration.channels.last! * configuration.pooledSize.bins,
            units: configuration.recurrentUnits, initialisation: &stream)
        let nothing = MapLayout(height: 0, width: 0, channels: 0, stride: 0)
        input = ActivationMap(nothing)
        sequenceGradient = ActivationMap(nothing)
        isTwin = false
    }

    /// A twin with the same parameters and statistics, which must not change while it is used, and room of its own: what
    /// another thread embeds with. It is for evaluation alone, and puts the weights in order once.
    public func evaluationTwin() -> CRNN { CRNN(sharing: self) }

    private init(sharing other: CRNN) {
        configuration = other.configuration
        blocks = other.blocks.map(ConvolutionBlock.init(sharing:))
        recurrent = BidirectionalGRU(sharing: other.recurrent)
        let nothing = MapLayout(height: 0, width: 0, channels: 0, stride: 0)
        input = ActivationMap(nothing)
        sequenceGradient = ActivationMap(nothing)
        isTwin = true
    }

    private let isTwin: Bool
    private var hasPacked = false

    /// Who computes: a pass gives the same bits whatever their number, which may change from one loop to the next.
    public var team = ThreadTeam() {
        didSet {
            for block in blocks { block.team = team }
            recurrent.team = team
        }
    }

    /// Told after each part of a pass, for the benchmark.
    var observer: ((_ part: String) -> Void)?

    /// Whether the plain kernels are used in place of the fast ones: slower, for comparison.
    package var usesReferenceKernels = false {
        didSet { for block in blocks { block.usesReference = usesReferenceKernels } }
    }

    /// Whether training passes use the running statistics, as evaluation does, and leave them as they
    /// are: what an encoder that was trained elsewhere says does not depend on the batch then.
    public var keepsStatistics = false {
        didSet { for block in blocks { block.norm.keepsStatistics = keepsStatistics } }
    }

    /// What training changes, in PyTorch's order.
    public var parameters: [Parameter] { blocks.flatMap(\.parameters) + recurrent.parameters }

    /// The running statistics.
    public var buffers: [LayerBuffer] { blocks.flatMap(\.buffers) }

    /// The embeddings of a batch of any size; the number of frames may differ from the
    /// configuration's.
    ///
    /// Shape: [n, inputChannels, frames, bins] -> [n, embeddingSize]. The result belongs to the
    /// network and is valid until the next call.
    public func callAsFunction(_ batch: Tensor, mode: Mode) -> Tensor {
        let shape = batch.shape
        precondition(
            shape.count == 4 && shape[1] == configuration.inputChannels
                && shape[3] == configuration.bins,
            "the network was made for other maps than \(shape)")
        precondition(!isTwin || mode == .evaluation, "a twin does not learn")
        let isContinued = isTwin && hasPacked
        hasPacked = true
        let layout = MapLayout(
            height: shape[2], width: shape[3], channels: shape[1], stride: shape[1],
            border: configuration.kernelSize - 1)
        // In training the statistics need the whole batch. In evaluation some examples at a time pass
        // all blocks, so that their maps stay in the cache.
        let chunk = mode == .training ? shape[0] : Self.evaluatedAtOnce
        for first in stride(from: 0, to: shape[0], by: chunk) {
            input.prepare(examples: min(chunk, shape[0] - first), layout: layout)
            input.transpose(from: batch.base + first * layout.positions * shape[1], team)
            var last = input
            for (index, block) in blocks.enumerated() {
                last = block(last, mode: mode, isContinued: isContinued || first > 0)
                observer?("blocks.\(index) forward")
            }
            recurrent.sequence.resize([last.layout.height, shape[0], recurrent.inputs])
            last.copySequence(
                to: recurrent.sequence.base, first: first, total: shape[0], team)
        }
        let embedding = recurrent(isContinued: isContinued)
        observer?("gru forward")
        return embedding
    }

    /// Adds to the gradients of all parameters; the last call must have been in training mode.
    ///
    /// Shape: gradient of the loss for the embeddings [n, embeddingSize].
    public func backward(_ gradient: Tensor) {
        recurrent.backward(gradient)
        let last = blocks[blocks.count - 1]
        let layout = last.output.layout
        sequenceGradient.prepare(
            examples: last.output.examples,
            layout: MapLayout(
                height: layout.height, width: layout.width, channels: layout.channels,
                stride: layout.stride))
        sequenceGradient.copySequence(from: recurrent.sequenceGradient.base, team)
        var current = sequenceGradient
        observer?("gru backward")
        for (index, block) in blocks.enumerated().reversed() {
            block.backward(current)
            current = block.inputGradient
            observer?("blocks.\(index) backward")
        }
    }

    /// Parameters and running statistics by name, for ``Checkpoint/write(_:metadata:to:)``.
    public var state: [(name: String, tensor: Tensor)] {
        parameters.map { ($0.name, $0.value) } + buffers.map { ($0.name, $0.value) }
    }

    /// Throws: ``NeuralNetworkError`` when a tensor is missing or has another shape; nothing is
    /// changed then.
    public func loadState(_ contents: Checkpoint.Contents) throws {
        try contents.load(into: state)
    }
}
