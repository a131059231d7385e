# The site and its worker: one image, two commands. docs/operating.md says how it is used.

# --- what needs pip: left behind -----------------------------------------------------------------------------------
FROM python:3.11.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.txt /tmp/requirements.txt
RUN /opt/venv/bin/pip install --no-compile -r /tmp/requirements.txt && /opt/venv/bin/pip uninstall --yes pip setuptools
COPY . /app
WORKDIR /app
# Style sheets, scripts and icons, compressed and named by what is in them; the interface's languages are compiled
# by the same start. The key signs nothing and is not kept.
RUN DATA_DIR=/tmp/data STATIC_ROOT=/app/static ALLOWED_HOSTS=localhost \
    SECRET_KEY=only-for-collecting-static-files-while-the-image-is-built \
    DJANGO_SETTINGS_MODULE=diplopedia.settings.production \
    /opt/venv/bin/python manage.py collectstatic --noinput --verbosity 0
RUN /opt/venv/bin/python -m compileall -q /opt/venv/lib /app

# --- what runs -----------------------------------------------------------------------------------------------------
FROM python:3.11.13-slim-bookworm
RUN groupadd --gid 10001 diplopedia \
    && useradd --uid 10001 --gid diplopedia --no-create-home --home-dir /app --shell /usr/sbin/nologin diplopedia \
    && install --directory --owner=diplopedia --group=diplopedia /data
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=diplopedia.settings.production \
    DATA_DIR=/data \
    STATIC_ROOT=/app/static \
    LOG_FORMAT=json \
    GUNICORN_CMD_ARGS="--bind=0.0.0.0:8000"
WORKDIR /app
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 CMD ["python", "deploy/probe.py"]
CMD ["gunicorn"]
