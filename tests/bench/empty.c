/* SPDX-License-Identifier: Apache-2.0 */
#include <pcap/pcap.h>
#include <stdint.h>
#include <stdio.h>

/* What libpcap alone costs: every packet is read and nothing is done with it. */
int main(int argc, char **argv)
{
    char error[PCAP_ERRBUF_SIZE] = "usage: empty FILE";
    pcap_t *capture = argc == 2 ? pcap_open_offline(argv[1], error) : NULL;
    if (!capture) {
        fprintf(stderr, "empty: %s\n", error);
        return 2;
    }
    struct pcap_pkthdr *header;
    const uint8_t *bytes;
    uint64_t packets = 0;
    int result;
    while ((result = pcap_next_ex(capture, &header, &bytes)) == 1)
        packets++;
    pcap_close(capture);
    printf("%ju\n", (uintmax_t)packets);
    return result == PCAP_ERROR_BREAK ? 0 : 1;
}
