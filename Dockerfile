# One image for every room; the service's command says which room it runs.
FROM python:3.11.14-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /opt/jaring
COPY constraints.txt pyproject.toml README.md LICENSE NOTICE ./
COPY api api
COPY crawlers crawlers
COPY desk desk
COPY domain domain
COPY indexer indexer
COPY jaring jaring
COPY nlp nlp
COPY store store
RUN /opt/jaring/bin/pip install --no-cache-dir -c constraints.txt .

FROM python:3.11.14-slim-bookworm
RUN useradd --system --uid 10001 --create-home jaring && install -d -o jaring /data
COPY --from=build /opt/jaring /opt/jaring
ENV PATH=/opt/jaring/bin:$PATH JARING_HOME=/data PYTHONUNBUFFERED=1
USER jaring
WORKDIR /data
ENTRYPOINT ["jaring"]
