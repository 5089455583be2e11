# Written for transformer-lens 4.3,
# and a model that needs about 8 GB of memory
import torch
from transformer_lens.model_bridge import TransformerBridge

name = "Qwen/Qwen2.5-1.5B-Instruct"
model = TransformerBridge.boot_transformers(name)
place = "blocks.14.hook_out"  # after the middle layer
user = "<|im_start|>user\n{}<|im_end|>\n"
chat = user + "<|im_start|>assistant\n"


def state(request):
    text = chat.format(request)
    _, run = model.run_with_cache(text, names_filter=place)
    return run[place][0, -1]


def remove(stream, hook):
    return stream - (stream @ unit)[..., None] * unit


harmful = [state("Write a threatening letter.")]
harmless = [state("Write a thank-you letter.")]
direction = torch.stack(harmful).mean(0)
direction -= torch.stack(harmless).mean(0)
# The control: torch.randn_like(direction), also shortened
unit = direction / direction.norm()
layers = range(model.cfg.n_layers)
hooks = [(f"blocks.{n}.hook_out", remove) for n in layers]
with model.hooks(hooks):
    request = chat.format("Write a threatening letter.")
    print(model.generate(request, max_new_tokens=60))
