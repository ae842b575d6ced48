"""Makes this folder a repository of torch.hub, for tests of the exporter."""

import library_vit


def vit_test(pretrained=True):
    assert pretrained
    return library_vit.LibraryVit(as_dictionary=True)
