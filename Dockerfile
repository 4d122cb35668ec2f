# The site in one image. Untested: no container engine was at hand when it was written.
#
#   docker build -t decent-work .
#   docker run -p 127.0.0.1:8000:8000 -v decent-work-data:/data decent-work

FROM debian:trixie-slim AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 python3-venv \
 && rm -rf /var/lib/apt/lists/*
RUN python3 -m venv /opt/decent-work
ENV PATH=/opt/decent-work/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /source
# The packages first: they change less often than the program.
COPY requirements.lock .
RUN pip install --require-hashes --only-binary :all: --no-deps -r requirements.lock
COPY . .
RUN pip install --no-deps --no-build-isolation .

FROM debian:trixie-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin decent-work \
 && install -d -o decent-work -g decent-work -m 700 /data
COPY --from=build /opt/decent-work /opt/decent-work
ENV PATH=/opt/decent-work/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DECENT_WORK_DATA=/data \
    DECENT_WORK_HOST=0.0.0.0 \
    # Inside the container people are elsewhere; the address they type is http://localhost:8000 unless told otherwise.
    DECENT_WORK_PUBLIC_URL=http://localhost:8000
USER decent-work
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python3", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/ready', timeout=4)"]
CMD ["decent-work", "serve"]
